using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>What one call answered. The JSON is parsed when first looked at.</summary>
    public sealed class CallResult
    {
        private IDictionary<string, object> json;

        internal CallResult(int statusCode, string status, string message, string rawJson)
        {
            StatusCode = statusCode;
            Status = status;
            Message = message;
            RawJson = rawJson;
        }

        /// <summary>0 when done as asked; the numbers are those of the C header.</summary>
        public int StatusCode { get; private set; }

        /// <summary>Name of the status, such as "OK" or "GUEST_NOT_FOUND".</summary>
        public string Status { get; private set; }

        /// <summary>One sentence; "" when done as asked.</summary>
        public string Message { get; private set; }

        /// <summary>The whole answer. It may hold an invitation's redeem URL, which is a secret.</summary>
        public string RawJson { get; private set; }

        public bool IsOk
        {
            get { return StatusCode == 0; }
        }

        public IDictionary<string, object> Json
        {
            get { return json ?? (json = (IDictionary<string, object>)GuestRedemption.Json.Parse(RawJson)); }
        }

        /// <summary>What the operation returned; may be there after a failure too.</summary>
        public IDictionary<string, object> Result
        {
            get { return Json.Object("result"); }
        }

        /// <summary>What went wrong; null when all went well.</summary>
        public IDictionary<string, object> Error
        {
            get { return Json.Object("error"); }
        }

        /// <summary>Tenant, cloud, host and account the call worked with; null when it got that far not.</summary>
        public IDictionary<string, object> Context
        {
            get { return Json.Object("context"); }
        }

        /// <summary>One entry for each request sent.</summary>
        public IList<object> Diagnostics
        {
            get { return Json.List("diagnostics"); }
        }

        /// <summary>This result if all went well, otherwise the exception.</summary>
        /// <exception cref="GuestRedemptionException">The status is not OK.</exception>
        public CallResult EnsureOk()
        {
            if (!IsOk) throw new GuestRedemptionException(this);
            return this;
        }
    }
}
