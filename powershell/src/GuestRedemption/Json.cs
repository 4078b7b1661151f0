using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace GuestRedemption
{
    /// <summary>
    /// RFC 8259 to and from plain objects: Dictionary&lt;string, object&gt; in the order of the text, List&lt;object&gt;,
    /// string, bool, null, long where a number is an integer that fits, otherwise double.
    /// Our own because netstandard2.0 has no JSON reader without a dependency that other modules may bring in
    /// another version, and DataContractJsonSerializer loads the whole XML stack first.
    /// </summary>
    public static class Json
    {
        private const int MaxDepth = 100;

        /// <exception cref="FormatException">The text is not JSON; the message tells where.</exception>
        public static object Parse(string text)
        {
            if (text == null) throw new ArgumentNullException("text");
            return new Reader(text).Document();
        }

        /// <exception cref="ArgumentException">A value has no form in JSON.</exception>
        public static string Write(object value)
        {
            var text = new StringBuilder(512);
            Write(text, value, 0);
            return text.ToString();
        }

        private static void Write(StringBuilder text, object value, int depth)
        {
            if (depth > MaxDepth) throw new ArgumentException("The value is nested too deeply for JSON, or contains itself.");
            if (value == null) text.Append("null");
            else if (value is string) WriteString(text, (string)value);
            else if (value is bool) text.Append((bool)value ? "true" : "false");
            else if (value is int || value is long || value is ulong || value is uint || value is short || value is byte)
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            else if (value is double || value is float || value is decimal) WriteNumber(text, value);
            else if (value is IDictionary<string, object>) WriteObject(text, (IDictionary<string, object>)value, depth);
            else if (value is IDictionary) WriteObject(text, (IDictionary)value, depth);
            else if (value is IEnumerable) WriteArray(text, (IEnumerable)value, depth);
            else throw new ArgumentException("JSON has no form for a value of the type " + value.GetType() + ".");
        }

        private static void WriteNumber(StringBuilder text, object value)
        {
            var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (double.IsNaN(number) || double.IsInfinity(number)) throw new ArgumentException("JSON has no form for " + number + ".");
            text.Append(value is decimal ? ((decimal)value).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture));
        }

        private static void WriteObject(StringBuilder text, IDictionary<string, object> members, int depth)
        {
            text.Append('{');
            var first = true;
            foreach (var member in members)
            {
                WriteMember(text, member.Key, member.Value, ref first, depth);
            }
            text.Append('}');
        }

        /// <summary>A hashtable, as PowerShell makes them.</summary>
        private static void WriteObject(StringBuilder text, IDictionary members, int depth)
        {
            text.Append('{');
            var first = true;
            foreach (DictionaryEntry member in members)
            {
                var key = member.Key as string;
                if (key == null) throw new ArgumentException("JSON has no form for a key of the type " + member.Key.GetType() + ".");
                WriteMember(text, key, member.Value, ref first, depth);
            }
            text.Append('}');
        }

        private static void WriteMember(StringBuilder text, string key, object value, ref bool first, int depth)
        {
            if (!first) text.Append(',');
            first = false;
            WriteString(text, key);
            text.Append(':');
            Write(text, value, depth + 1);
        }

        private static void WriteArray(StringBuilder text, IEnumerable items, int depth)
        {
            text.Append('[');
            var first = true;
            foreach (var item in items)
            {
                if (!first) text.Append(',');
                first = false;
                Write(text, item, depth + 1);
            }
            text.Append(']');
        }

        private static void WriteString(StringBuilder text, string value)
        {
            text.Append('"');
            for (var i = 0; i < value.Length; i++)
            {
                var c = value[i];
                if (c == '"') text.Append("\\\"");
                else if (c == '\\') text.Append("\\\\");
                else if (c == '\n') text.Append("\\n");
                else if (c < ' ' || IsLoneSurrogate(value, i)) text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                else text.Append(c);
            }
            text.Append('"');
        }

        /// <summary>Half a character would become U+FFFD in UTF-8 silently; escaped, the library can refuse it.</summary>
        private static bool IsLoneSurrogate(string text, int index)
        {
            var c = text[index];
            if (char.IsHighSurrogate(c)) return index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]);
            return char.IsLowSurrogate(c) && (index == 0 || !char.IsHighSurrogate(text[index - 1]));
        }

        private sealed class Reader
        {
            private readonly string text;
            private int position;
            private int depth;

            internal Reader(string text)
            {
                this.text = text;
            }

            internal object Document()
            {
                var value = Value();
                SkipSpace();
                if (position != text.Length) throw Wrong("unexpected text after the value");
                return value;
            }

            private object Value()
            {
                SkipSpace();
                switch (Current())
                {
                    case '{': return Object();
                    case '[': return Array();
                    case '"': return String();
                    case 't': return Word("true", true);
                    case 'f': return Word("false", false);
                    case 'n': return Word("null", null);
                    default: return Number();
                }
            }

            private Dictionary<string, object> Object()
            {
                Enter();
                var members = new Dictionary<string, object>();
                if (!Closes('}'))
                {
                    do
                    {
                        SkipSpace();
                        var key = String();
                        SkipSpace();
                        Expect(':');
                        members[key] = Value();
                    }
                    while (Continues('}'));
                }
                depth--;
                return members;
            }

            private List<object> Array()
            {
                Enter();
                var items = new List<object>();
                if (!Closes(']'))
                {
                    do
                    {
                        items.Add(Value());
                    }
                    while (Continues(']'));
                }
                depth--;
                return items;
            }

            private string String()
            {
                Expect('"');
                var start = position;
                StringBuilder unescaped = null;
                while (true)
                {
                    var c = Current();
                    if (c == '"') break;
                    if (c < ' ') throw Wrong("a control character or the end inside a string");
                    if (c == '\\')
                    {
                        if (unescaped == null) unescaped = new StringBuilder();
                        unescaped.Append(text, start, position - start);
                        position++;
                        unescaped.Append(Escaped());
                        start = position;
                    }
                    else
                    {
                        position++;
                    }
                }
                var rest = text.Substring(start, position - start);
                position++;
                return unescaped == null ? rest : unescaped.Append(rest).ToString();
            }

            private char Escaped()
            {
                var c = Current();
                position++;
                switch (c)
                {
                    case '"': case '\\': case '/': return c;
                    case 'b': return '\b';
                    case 'f': return '\f';
                    case 'n': return '\n';
                    case 'r': return '\r';
                    case 't': return '\t';
                    case 'u': return CodeUnit();
                    default: throw Wrong("an unknown escape");
                }
            }

            private char CodeUnit()
            {
                ushort unit;
                if (position + 4 > text.Length || !ushort.TryParse(text.Substring(position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out unit))
                    throw Wrong("\\u without four hexadecimal digits");
                position += 4;
                return (char)unit;
            }

            private object Number()
            {
                var start = position;
                var integer = true;
                if (Current() == '-') position++;
                if (Current() == '0') position++;
                else Digits();
                if (Current() == '.')
                {
                    integer = false;
                    position++;
                    Digits();
                }
                if (Current() == 'e' || Current() == 'E')
                {
                    integer = false;
                    position++;
                    if (Current() == '+' || Current() == '-') position++;
                    Digits();
                }
                var number = text.Substring(start, position - start);
                long whole;
                if (integer && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return whole;
                return Real(number);
            }

            /// <summary>.NET Framework throws where .NET gives infinity; JSON has neither.</summary>
            private object Real(string number)
            {
                double real;
                var read = double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out real);
                if (!read || double.IsInfinity(real)) throw Wrong("a number too large");
                return real;
            }

            private void Digits()
            {
                if (!IsDigit(Current())) throw Wrong("a value is missing here");
                while (IsDigit(Current())) position++;
            }

            private static bool IsDigit(char c)
            {
                return c >= '0' && c <= '9';
            }

            private object Word(string word, object value)
            {
                if (string.CompareOrdinal(text, position, word, 0, word.Length) != 0) throw Wrong("an unknown word");
                position += word.Length;
                return value;
            }

            private void Enter()
            {
                if (++depth > MaxDepth) throw Wrong("nested too deeply");
                position++;
            }

            private bool Closes(char close)
            {
                SkipSpace();
                if (Current() != close) return false;
                position++;
                return true;
            }

            private bool Continues(char close)
            {
                if (Closes(close)) return false;
                Expect(',');
                return true;
            }

            private void Expect(char c)
            {
                if (Current() != c) throw Wrong("'" + c + "' is missing here");
                position++;
            }

            private void SkipSpace()
            {
                while (position < text.Length)
                {
                    var c = text[position];
                    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
                    position++;
                }
            }

            /// <summary>NUL at the end; a NUL in the text is refused wherever one may stand.</summary>
            private char Current()
            {
                return position < text.Length ? text[position] : '\0';
            }

            private FormatException Wrong(string what)
            {
                return new FormatException("Not JSON at character " + position + ": " + what + ".");
            }
        }
    }
}
