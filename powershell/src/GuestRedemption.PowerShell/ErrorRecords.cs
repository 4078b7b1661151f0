using System;
using System.Management.Automation;
using System.Reflection;
using System.Text;

namespace GuestRedemption.PowerShell
{
    /// <summary>A status of the library as PowerShell's error: id, category and recommended action.</summary>
    public static class ErrorRecords
    {
        /// <summary>
        /// PowerShell appends the type name of a compiled cmdlet to every error id. Our documented ids carry the
        /// cmdlet's name instead, as a function's would; the engine has this field for ids that came from afar. Where
        /// it is missing, the id still begins as documented.
        /// </summary>
        private static readonly FieldInfo WholeId = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", BindingFlags.Instance | BindingFlags.NonPublic);

        internal static ErrorRecord From(GuestRedemptionException failure, object target, string command)
        {
            var hint = failure.Status == "NOT_SIGNED_IN" ? HowToSignIn(command) : LibraryText.Hint(failure);
            var record = new ErrorRecord(failure, PascalCase(failure.Status), Category(failure.StatusCode), target);
            return Hinted(record, LibraryText.Error(failure, hint), hint, command);
        }

        /// <summary>A sign-in that failed before the library was asked.</summary>
        internal static ErrorRecord From(SignInException failure, string command)
        {
            var record = new ErrorRecord(failure, PascalCase(failure.Status), ErrorCategory.AuthenticationError, null);
            return Hinted(record, LibraryText.Sentences(failure.Message, failure.Hint), failure.Hint, command);
        }

        /// <summary>An error found before the library was called.</summary>
        internal static ErrorRecord Refusal(string id, string message, object target, string command)
        {
            return Named(new ErrorRecord(new ArgumentException(message), id, ErrorCategory.InvalidArgument, target), command);
        }

        /// <summary>Gives the record its documented id: "<c>id,command</c>".</summary>
        public static ErrorRecord Named(ErrorRecord record, string command)
        {
            var id = record.FullyQualifiedErrorId + "," + command;
            var named = new ErrorRecord(record.Exception, id, record.CategoryInfo.Category, record.TargetObject) { ErrorDetails = record.ErrorDetails };
            if (WholeId != null) WholeId.SetValue(named, id);
            return named;
        }

        /// <summary>Every further item would fail in the same way.</summary>
        internal static bool EndsPipeline(int status)
        {
            const int forked = 901;
            return (status >= 100 && status < 200) || status == forked;
        }

        internal static string PascalCase(string status)
        {
            var name = new StringBuilder(status.Length);
            foreach (var word in status.Split('_'))
            {
                if (word.Length > 0) name.Append(word[0]).Append(word.Substring(1).ToLowerInvariant());
            }
            return name.ToString();
        }

        private static string HowToSignIn(string command)
        {
            return command != "Connect-GuestRedemption" ? Messages.Text("connect.first") : Messages.Text("connect.nameAWay");
        }

        /// <summary>The recommended action is not shown by itself, so the text holds it too.</summary>
        private static ErrorRecord Hinted(ErrorRecord record, string text, string hint, string command)
        {
            record.ErrorDetails = new ErrorDetails(text) { RecommendedAction = hint ?? "" };
            return Named(record, command);
        }

        private static ErrorCategory Category(int status)
        {
            switch (status)
            {
                case 22: case 25: case 903: return ErrorCategory.WriteError;
                case 23: return ErrorCategory.InvalidData;
                case 200: case 205: case 217: return ErrorCategory.ObjectNotFound;
                case 207: return ErrorCategory.ResourceExists;
                case 211: case 212: case 213: case 214: case 215: return ErrorCategory.PermissionDenied;
                case 303: case 304: return ErrorCategory.ResourceUnavailable;
                case 305: return ErrorCategory.LimitsExceeded;
                case 306: return ErrorCategory.OperationTimeout;
                case 307: return ErrorCategory.OperationStopped;
            }
            if (status < 100) return ErrorCategory.InvalidArgument;
            if (status < 200) return ErrorCategory.AuthenticationError;
            if (status < 300) return ErrorCategory.InvalidOperation;
            if (status < 400) return ErrorCategory.ConnectionError;
            return status < 500 ? ErrorCategory.InvalidResult : ErrorCategory.NotSpecified;
        }
    }
}
