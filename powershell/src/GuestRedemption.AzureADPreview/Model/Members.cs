using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>The members of a model, read from a hashtable or from any object, whatever their case.</summary>
    internal sealed class Members
    {
        private readonly Dictionary<string, object> values =
            new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);

        internal Members(object input, string model, params string[] names)
        {
            var table = (input is PSObject wrapped ? wrapped.BaseObject : input) as IDictionary;
            if (table != null) FromTable(table, model, names);
            else FromObject(PSObject.AsPSObject(input), names);
            if (values.Count == 0)
            {
                throw new ArgumentTransformationMetadataException(
                    $"This is no {model}: it has none of the members {string.Join(", ", names)}.");
            }
        }

        internal object this[string name] => values.TryGetValue(name, out var value) ? value : null;

        internal string Text(string name)
        {
            return this[name] == null ? null : LanguagePrimitives.ConvertTo<string>(this[name]);
        }

        internal bool? Flag(string name)
        {
            return this[name] == null ? (bool?)null : LanguagePrimitives.ConvertTo<bool>(this[name]);
        }

        /// <summary>A key nobody knows is a slip of the pen, and what it was meant for would be missing silently.</summary>
        private void FromTable(IDictionary table, string model, string[] names)
        {
            foreach (DictionaryEntry entry in table)
            {
                var name = entry.Key.ToString();
                if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    throw new ArgumentTransformationMetadataException(
                        $"A {model} has no member '{name}'. Known are {string.Join(", ", names)}.");
                }
                values[name] = entry.Value;
            }
        }

        private void FromObject(PSObject source, string[] names)
        {
            foreach (var name in names)
            {
                var property = source.Properties[name];
                if (property != null) values[name] = property.Value;
            }
        }
    }
}
