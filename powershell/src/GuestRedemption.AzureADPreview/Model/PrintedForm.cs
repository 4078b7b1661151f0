using System.Text;

namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>
    /// The text a model object turns into, as the old module printed it:
    /// <c>class User {</c>, one indented line per member, <c>}</c>.
    /// </summary>
    internal sealed class PrintedForm
    {
        private readonly StringBuilder text = new StringBuilder();

        internal PrintedForm(string name)
        {
            text.Append("class ").Append(name).Append(" {\n");
        }

        internal PrintedForm Member(string name, object value)
        {
            text.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
            return this;
        }

        public override string ToString()
        {
            return text + "}\n";
        }
    }
}
