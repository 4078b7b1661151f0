using System.Text;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>
    /// The text a model object turns into, as the old module printed it:
    /// <c>class User {</c>, one indented line per property, <c>}</c>.
    /// </summary>
    internal static class PrintedForm
    {
        internal static string Of(object model)
        {
            var text = new StringBuilder();
            text.Append("class ").Append(model.GetType().Name).Append(" {\n");
            foreach (var property in model.GetType().GetProperties())
            {
                text.Append("  ").Append(property.Name).Append(": ").Append(property.GetValue(model, null)).Append('\n');
            }
            return text.Append("}\n").ToString();
        }
    }
}
