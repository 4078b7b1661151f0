using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// Tables of RFC 4180. Spreadsheets take a cell that begins with one of = + - @ for a formula, and what guests are
    /// called is chosen by strangers: such a cell is written with an apostrophe before it, and read without.
    /// </summary>
    internal static class CsvText
    {
        private const string Formula = "=+-@\t\r'";
        private const string Delimiters = ",;\t";

        internal static void Write(TextWriter text, IEnumerable<string> cells)
        {
            text.Write(string.Join(",", cells.Select(Written)));
            text.Write("\r\n");
        }

        /// <summary>
        /// The records below the header, each with the number of its first line and its cells by column. Columns are
        /// known by their names, and the delimiter by the header: some countries' spreadsheets save semicolons.
        /// </summary>
        /// <exception cref="FormatException">The header lacks a column, or a quote is not closed.</exception>
        internal static IEnumerable<CsvRecord> Read(TextReader text, IEnumerable<string> columns)
        {
            var reader = new Reader(text);
            var header = reader.Header();
            var missing = columns.FirstOrDefault(column => !header.Contains(column, StringComparer.OrdinalIgnoreCase));
            if (missing != null) throw new FormatException(Messages.Text("plan.noColumn", missing));
            List<string> cells;
            while ((cells = reader.Record()) != null)
            {
                if (cells.Any(cell => cell.Length > 0)) yield return new CsvRecord(reader.Line, header, cells.ConvertAll(Plain));
            }
        }

        private static string Written(string cell)
        {
            if (string.IsNullOrEmpty(cell)) return "";
            var safe = Formula.IndexOf(cell[0]) < 0 ? cell : "'" + cell;
            return safe.IndexOfAny(new[] { ',', ';', '\t', '"', '\r', '\n' }) < 0 ? safe : "\"" + safe.Replace("\"", "\"\"") + "\"";
        }

        private static string Plain(string cell)
        {
            return cell.Length > 0 && cell[0] == '\'' ? cell.Substring(1) : cell;
        }

        private sealed class Reader
        {
            private readonly TextReader text;
            private char delimiter;
            private int lines = 1;

            internal Reader(TextReader text)
            {
                this.text = text;
            }

            /// <summary>Where the latest record begins.</summary>
            internal int Line { get; private set; }

            /// <summary>The first of the delimiters that stands in it delimits all records.</summary>
            internal List<string> Header()
            {
                var line = text.ReadLine() ?? "";
                lines++;
                var first = line.IndexOfAny(Delimiters.ToCharArray());
                delimiter = first < 0 ? Delimiters[0] : line[first];
                var columns = new Reader(new StringReader(line)) { delimiter = delimiter }.Record() ?? new List<string>();
                return columns.ConvertAll(column => column.Trim());
            }

            /// <summary>Null at the end.</summary>
            internal List<string> Record()
            {
                if (text.Peek() < 0) return null;
                Line = lines;
                var cells = new List<string>();
                do
                {
                    cells.Add(Cell());
                }
                while (Ends(delimiter));
                if (Ends('\r')) Ends('\n');
                else Ends('\n');
                lines++;
                return cells;
            }

            private string Cell()
            {
                return text.Peek() == '"' ? Quoted() : Until(c => c == delimiter || c == '\r' || c == '\n');
            }

            private string Quoted()
            {
                var cell = new StringBuilder();
                while (true)
                {
                    text.Read();
                    cell.Append(Until(c => c == '"'));
                    if (text.Read() < 0) throw new FormatException(Messages.Text("plan.quoteOpen", Line));
                    // a quote inside is written twice
                    if (text.Peek() != '"') return cell.ToString();
                    cell.Append('"');
                }
            }

            private string Until(Func<int, bool> isEnd)
            {
                var cell = new StringBuilder();
                while (text.Peek() >= 0 && !isEnd(text.Peek()))
                {
                    var c = (char)text.Read();
                    if (c == '\n') lines++;
                    cell.Append(c);
                }
                return cell.ToString();
            }

            private bool Ends(char end)
            {
                if (text.Peek() != end) return false;
                text.Read();
                return true;
            }
        }
    }
}
