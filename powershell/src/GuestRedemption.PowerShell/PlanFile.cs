using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace GuestRedemption.PowerShell
{
    /// <summary>A plan that is read row by row, twice: to see what it is, and to run it. Rows do not stay in memory.</summary>
    internal sealed class PlanFile : IDisposable
    {
        private readonly FileStream file;
        private readonly bool isTable;

        private PlanFile(FileStream file, bool isTable)
        {
            this.file = file;
            this.isTable = isTable;
        }

        /// <summary>Held open, so that both readings see the same file even when another takes its place.</summary>
        internal static PlanFile Open(string path)
        {
            return new PlanFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), IsTable(path));
        }

        /// <summary>A table for spreadsheets, and not lines of JSON.</summary>
        internal static bool IsTable(string path)
        {
            return string.Equals(Path.GetExtension(path), ".csv", StringComparison.OrdinalIgnoreCase);
        }

        /// <summary>All rows in their order; one that cannot be read is a <see cref="FormatException"/> when asked for.</summary>
        /// <exception cref="FormatException">Nothing more can be read.</exception>
        internal IEnumerable<KeyValuePair<int, Func<PlanRow>>> Rows()
        {
            file.Position = 0;
            // the caller goes on with the file afterwards
            using (var text = new StreamReader(file, Encoding.UTF8, true, 1 << 16, true))
            {
                foreach (var row in isTable ? OfTable(text) : OfLines(text)) yield return row;
            }
        }

        public void Dispose()
        {
            file.Dispose();
        }

        private static IEnumerable<KeyValuePair<int, Func<PlanRow>>> OfTable(TextReader text)
        {
            foreach (var record in CsvText.Read(text, PlanColumns.Names))
            {
                yield return Row(record.Line, () => PlanColumns.ToJson(record.ByColumn()));
            }
        }

        private static IEnumerable<KeyValuePair<int, Func<PlanRow>>> OfLines(TextReader text)
        {
            string line;
            for (var number = 1; (line = text.ReadLine()) != null; number++)
            {
                var json = line;
                if (line.Trim().Length > 0) yield return Row(number, () => Json.Parse(json) as IDictionary<string, object> ?? throw new FormatException(Messages.Text("plan.noObject")));
            }
        }

        private static KeyValuePair<int, Func<PlanRow>> Row(int line, Func<IDictionary<string, object>> json)
        {
            return new KeyValuePair<int, Func<PlanRow>>(line, () => PlanRow.Read(json(), line));
        }
    }
}
