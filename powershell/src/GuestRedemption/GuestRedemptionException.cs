using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>A call that did not end with OK. Holds no token, secret or redeem URL in its texts.</summary>
    public class GuestRedemptionException : Exception
    {
        public GuestRedemptionException(CallResult result) : base(result.Message)
        {
            Status = result.Status;
            StatusCode = result.StatusCode;
            Hint = result.Error.Text("hint");
            Objects = result.Error.Objects("objects", json => new DirectoryObject(json));
            Report = ResetResult.From(result);
            var service = result.Error.Object("service");
            RequestId = service.Text("request_id");
            ClientRequestId = service.Text("client_request_id");
            GraphCode = service.Text("code");
            GraphMessage = service.Text("message");
            HttpStatus = (int?)service.Integer("http_status");
        }

        /// <summary>Stable name, such as "GUEST_NOT_FOUND".</summary>
        public string Status { get; private set; }

        public int StatusCode { get; private set; }

        /// <summary>What to do next; may be null.</summary>
        public string Hint { get; private set; }

        /// <summary>Objects that stand in the way: several matches, the owner of an address.</summary>
        public IList<DirectoryObject> Objects { get; private set; }

        /// <summary>The service's id of the request, for support cases.</summary>
        public string RequestId { get; private set; }

        public string ClientRequestId { get; private set; }

        /// <summary>Null when the service was not reached.</summary>
        public int? HttpStatus { get; private set; }

        /// <summary>The service's error code.</summary>
        public string GraphCode { get; private set; }

        public string GraphMessage { get; private set; }

        /// <summary>How far a reset got; null for other calls, or when no guest was found.</summary>
        public ResetResult Report { get; private set; }
    }
}
