using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A failed call in the text form of the old module, which old scripts and log readers take apart.</summary>
    internal sealed class OldErrorText
    {
        private readonly IDictionary<string, object> service;
        private readonly bool found;

        internal OldErrorText(CallResult result)
        {
            service = result.Error.Object("service");
            // Not found may be known from an empty list, without a 404 from the service.
            found = result.Status != "GUEST_NOT_FOUND" && result.Status != "NOT_FOUND";
            Code = service.Text("code") ?? (found ? result.Status : "Request_ResourceNotFound");
            Message = service.Text("message") ?? result.Message;
        }

        /// <summary>Of a request that was not sent.</summary>
        internal OldErrorText(string code, string message)
        {
            found = true;
            Code = code;
            Message = message;
        }

        internal string Code { get; }

        internal string Message { get; }

        /// <summary>0 when no answer came.</summary>
        internal int HttpStatus => (int)(service.Integer("http_status") ?? (found ? 0 : 404));

        /// <summary>The whole text for the cmdlet of this class name.</summary>
        internal string Describe(string executing, bool inInnerError)
        {
            var text = new StringBuilder();
            text.Append("Error occurred while executing ").Append(executing).Append(" \n");
            text.Append("Code: ").Append(Code).Append('\n');
            text.Append("Message: ").Append(Message).Append('\n');
            AddRequestId(text, inInnerError);
            AddHttpStatus(text);
            return text.ToString();
        }

        private void AddRequestId(StringBuilder text, bool inInnerError)
        {
            var id = service.Text("request_id");
            if (id == null) return;
            var indent = inInnerError ? "  " : "";
            if (inInnerError) text.Append("InnerError:\n");
            text.Append(indent).Append("RequestId: ").Append(id).Append('\n');
            text.Append(indent).Append("DateTimeStamp: ").Append(DateTime.UtcNow.ToString("r")).Append('\n');
        }

        private void AddHttpStatus(StringBuilder text)
        {
            if (HttpStatus == 0) return;
            var name = ((HttpStatusCode)HttpStatus).ToString();
            text.Append("HttpStatusCode: ").Append(name).Append('\n');
            text.Append("HttpStatusDescription: ").Append(Words(name)).Append('\n');
            text.Append("HttpResponseStatus: Completed\n");
        }

        /// <summary>BadRequest as Bad Request.</summary>
        private static string Words(string name)
        {
            return Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", " ");
        }
    }
}
