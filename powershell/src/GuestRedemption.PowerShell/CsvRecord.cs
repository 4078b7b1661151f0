using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>One row of a table as its text has it.</summary>
    internal sealed class CsvRecord
    {
        private readonly List<string> header;
        private readonly List<string> cells;

        internal CsvRecord(int line, List<string> header, List<string> cells)
        {
            Line = line;
            this.header = header;
            this.cells = cells;
        }

        /// <summary>Where it begins.</summary>
        internal int Line { get; private set; }

        /// <exception cref="FormatException">A cell belongs to no column, so that all may have got out of place.</exception>
        internal IDictionary<string, string> ByColumn()
        {
            if (cells.Skip(header.Count).Any(cell => cell.Length > 0)) throw new FormatException(Messages.Text("plan.cellTooMuch"));
            var row = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < header.Count; i++) row[header[i]] = i < cells.Count ? cells[i] : "";
            return row;
        }
    }
}
