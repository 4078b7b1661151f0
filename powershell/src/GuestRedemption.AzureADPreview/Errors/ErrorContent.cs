namespace GuestRedemption.AzureADPreview
{
    /// <summary>What the service said about an error; old scripts read <c>ErrorContent.Message.Value</c>.</summary>
    public sealed class ErrorContent
    {
        internal ErrorContent(string code, string message)
        {
            Code = code;
            Message = new ErrorMessage(message);
        }

        /// <summary>The error code.</summary>
        public string Code { get; }

        /// <summary>The message.</summary>
        public ErrorMessage Message { get; }
    }

    /// <summary>A message, one level down as it used to be.</summary>
    public sealed class ErrorMessage
    {
        internal ErrorMessage(string value)
        {
            Value = value;
        }

        /// <summary>The text.</summary>
        public string Value { get; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return Value;
        }
    }
}
