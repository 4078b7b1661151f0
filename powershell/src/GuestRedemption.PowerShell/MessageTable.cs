using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// The sentences of one module, from Messages.json in its folder for each language. A sentence that the session's
    /// language lacks is taken from the more general one (nl-BE, nl), and at last from English. No file is opened
    /// before its first sentence is needed.
    /// </summary>
    public sealed class MessageTable
    {
        private const string Fallback = "en-US";

        private readonly Dictionary<string, IDictionary<string, object>> languages = new Dictionary<string, IDictionary<string, object>>();
        private readonly string folder;

        /// <summary>For the module whose folder "bin" holds the assembly.</summary>
        public MessageTable(Assembly assembly)
        {
            folder = Path.GetDirectoryName(Path.GetDirectoryName(assembly.Location));
        }

        /// <summary>The sentence with {0} and so on replaced.</summary>
        public string Text(string key, params object[] values)
        {
            var text = Find(key);
            // a broken installation must not hide what was to be said
            return text == null ? key + " " + string.Join(", ", values) : string.Format(CultureInfo.CurrentCulture, text, values);
        }

        /// <summary>The sentence as it stands in the table; null if no language has it.</summary>
        public string Find(string key)
        {
            // PowerShell gives the thread of a pipeline the culture that $PSUICulture shows
            for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
            {
                var text = Language(culture.Name).Text(key);
                if (text != null) return text;
            }
            return Language(Fallback).Text(key);
        }

        private IDictionary<string, object> Language(string name)
        {
            lock (languages)
            {
                IDictionary<string, object> language;
                if (!languages.TryGetValue(name, out language)) languages[name] = language = Read(Path.Combine(folder, name, "Messages.json"));
                return language;
            }
        }

        /// <summary>Empty when there is no such file or it is no table: another language then speaks.</summary>
        private static IDictionary<string, object> Read(string file)
        {
            try
            {
                var table = File.Exists(file) ? Json.Parse(File.ReadAllText(file)) : null;
                return table as IDictionary<string, object> ?? new Dictionary<string, object>();
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is FormatException)
            {
                return new Dictionary<string, object>();
            }
        }
    }
}
