using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>
    /// Translates filters on users from the old service's dialect, OData v3 with the names of Azure AD Graph, to Microsoft
    /// Graph's. Asks nobody and sends nothing.
    /// </summary>
    public sealed class FilterTranslator
    {
        /// <summary>Brackets deeper than any person writes would end in a stack overflow.</summary>
        private const int Deepest = 50;

        private static readonly string[] Operators = { "eq", "ne", "gt", "ge", "lt", "le" };

        private readonly List<FilterToken> tokens;
        private readonly Func<string> issuer;
        private int next;
        private int depth;
        private bool isAdvanced;

        /// <summary>The variable of the any(...) around this place, and the list it goes through.</summary>
        private string variable;
        private UserProperty list;

        private FilterTranslator(string filter, Func<string> issuer)
        {
            tokens = FilterTokenizer.Split(filter);
            this.issuer = issuer;
        }

        /// <summary>
        /// Translates; <paramref name="issuer"/> is asked for the tenant's initial domain, which names for signing in
        /// belong to.
        /// </summary>
        /// <exception cref="FilterException">Microsoft Graph has nothing like it, or it is no filter.</exception>
        public static GraphFilter Translate(string filter, Func<string> issuer)
        {
            var translator = new FilterTranslator(filter ?? "", issuer);
            var text = translator.Or();
            if (translator.Current.Kind != FilterTokenKind.End) throw translator.Unexpected("and, or, or the end");
            return new GraphFilter(text, translator.isAdvanced);
        }

        /// <summary>The filter on users of whom one of these properties begins with the text.</summary>
        internal static GraphFilter Beginning(string text, params string[] names)
        {
            var alternatives = names.Select(name => $"startsWith({UserProperties.Find(name).GraphName},{FilterLiteral.Quote(text)})");
            return new GraphFilter(string.Join(" or ", alternatives), isAdvanced: false);
        }

        private FilterToken Current => tokens[next];

        private string Or()
        {
            if (++depth > Deepest) throw new FilterException("The filter is nested too deeply", Current.Position);
            var text = And();
            while (TakeWord("or")) text += " or " + And();
            depth--;
            return text;
        }

        private string And()
        {
            var text = Term();
            while (TakeWord("and")) text += " and " + Term();
            return text;
        }

        private string Term()
        {
            var negated = false;
            while (TakeWord("not")) negated = !negated;
            var text = TakeSign("(") ? Truth(Bracketed()) : Predicate();
            return negated ? Not(text) : text;
        }

        private string Bracketed()
        {
            var text = "(" + Or() + ")";
            Expect(")");
            return text;
        }

        private string Not(string text)
        {
            isAdvanced = true;
            return text[0] == '(' ? "not " + text : "not (" + text + ")";
        }

        private string Predicate()
        {
            if (Current.Kind != FilterTokenKind.Word) throw Unexpected("a property");
            var name = tokens[next++];
            if (Current.Kind == FilterTokenKind.Sign && Current.Text == "(") return Function(name);
            var operand = Resolve(name);
            return TakeWord("in") ? In(operand) : Comparison(operand);
        }

        private string Function(FilterToken name)
        {
            var slash = name.Text.LastIndexOf('/');
            if (slash > 0 && Same(name.Text.Substring(slash), "/any")) return Any(name, name.Text.Substring(0, slash));
            if (Same(name.Text, "startswith")) return Truth(Affix("startsWith"));
            if (Same(name.Text, "endswith")) return Truth(Affix("endsWith"));
            throw new FilterException($"Microsoft Graph has no function {name.Text}(...) for users; read more of them and filter with Where-Object", name.Position);
        }

        /// <summary>startswith(...) and endswith(...).</summary>
        private string Affix(string function)
        {
            Expect("(");
            if (Current.Kind != FilterTokenKind.Word) throw Unexpected("a property");
            var operand = Resolve(tokens[next++]);
            if (operand.Kind != ValueKind.Text && operand.Kind != ValueKind.Texts && operand.Kind != ValueKind.FirstText)
            {
                throw new FilterException($"{operand.Name} is no text to search in", operand.Position);
            }
            RefuseUnlessEquals(operand, function);
            Expect(",");
            if (Current.Kind != FilterTokenKind.Quoted) throw Unexpected("a text in single quotes");
            var text = Literal(operand);
            Expect(")");
            isAdvanced |= function == "endsWith" || operand.Property.IsInSearchIndexOnly;
            return OfItems(operand, path => $"{function}({path},{text})");
        }

        /// <summary>The old service let one write startswith(...) eq true.</summary>
        private string Truth(string condition)
        {
            var isEqual = IsWord("eq");
            if (!isEqual && !IsWord("ne")) return condition;
            next++;
            if (TakeWord("true")) return isEqual ? condition : Not(condition);
            if (TakeWord("false")) return isEqual ? Not(condition) : condition;
            throw Unexpected("true or false");
        }

        private string Any(FilterToken token, string path)
        {
            if (variable != null) throw new FilterException("Microsoft Graph knows no any(...) within another", token.Position);
            list = Find(path, token.Position);
            if (!list.IsList) throw new FilterException($"{list.Name} is no list, so any(...) has no meaning", token.Position);
            Expect("(");
            if (Current.Kind != FilterTokenKind.Word || Current.Text.Contains("/")) throw Unexpected("a variable, as in any(x:x eq 'text')");
            variable = tokens[next++].Text;
            Expect(":");
            isAdvanced |= list.IsInSearchIndexOnly;
            var text = $"{list.GraphName}/any({variable}:{Or()})";
            Expect(")");
            variable = null;
            return text;
        }

        private string In(Operand operand)
        {
            if (operand.IsWholeList) throw new FilterException($"{operand.Name} is a list: write any(...)", operand.Position);
            RefuseUnlessEquals(operand, "in");
            Expect("(");
            var literals = new List<string>();
            do literals.Add(Literal(operand));
            while (TakeSign(","));
            Expect(")");
            isAdvanced |= operand.Property.IsInSearchIndexOnly || literals.Contains(FilterLiteral.Null);
            return $"{operand.Path} in ({string.Join(",", literals)})";
        }

        private string Comparison(Operand operand)
        {
            var sign = Operators.FirstOrDefault(IsWord);
            if (sign == null) throw Unexpected("one of eq, ne, gt, ge, lt, le");
            var position = tokens[next++].Position;
            var literal = Literal(operand);
            if (operand.Property.NeedsIssuer) return SignInName(operand, sign, literal, position);
            isAdvanced |= operand.Property.IsInSearchIndexOnly || literal == FilterLiteral.Null;
            if (operand.IsWholeList) return WholeList(operand, sign, literal, position);
            if (operand.Kind == ValueKind.Flag && sign != "eq" && sign != "ne") throw new FilterException($"{operand.Name} knows no order", position);
            return Compare(operand, sign, literal, position);
        }

        private string Compare(Operand operand, string sign, string literal, int position)
        {
            if (operand.IsOfItem && sign != "eq" && sign != "ge" && sign != "le")
            {
                throw new FilterException($"Microsoft Graph knows no {sign} within any(...); write not before it", position);
            }
            // Of texts the order is in the search index alone.
            isAdvanced |= sign == "ne" || (sign != "eq" && operand.Kind != ValueKind.Time);
            if (sign != "gt" && sign != "lt") return $"{operand.Path} {sign} {literal}";
            isAdvanced = true;
            return $"({operand.Path} {sign[0]}e {literal} and {operand.Path} ne {literal})";
        }

        /// <summary>The old service took a list for any of its items.</summary>
        private string WholeList(Operand operand, string sign, string literal, int position)
        {
            if (literal == FilterLiteral.Null || (sign != "eq" && sign != "ne"))
            {
                throw new FilterException($"{operand.Name} is a list: it can only equal a text, or not", position);
            }
            var any = OfItems(operand, path => $"{path} eq {literal}");
            return sign == "eq" ? any : Not(any);
        }

        /// <summary>Microsoft Graph finds names for signing in only together with their issuer.</summary>
        private string SignInName(Operand operand, string sign, string literal, int position)
        {
            if (sign != "eq" || literal == FilterLiteral.Null) throw new FilterException("signInNames can only be compared by eq with a text", position);
            var domain = issuer();
            if (domain == null) throw new FilterException("signInNames needs the tenant's initial domain, which could not be read", operand.Position);
            return $"({operand.Path} eq {literal} and {variable}/issuer eq {FilterLiteral.Quote(domain)})";
        }

        private static string OfItems(Operand operand, Func<string, string> condition)
        {
            return operand.IsWholeList ? $"{operand.Path}/any(x:{condition("x")})" : condition(operand.Path);
        }

        private void RefuseUnlessEquals(Operand operand, string function)
        {
            if (operand.Property.NeedsIssuer) throw new FilterException($"signInNames can only be compared by eq, not by {function}", operand.Position);
        }

        private string Literal(Operand operand)
        {
            if (Current.Kind == FilterTokenKind.Sign || Current.Kind == FilterTokenKind.End) throw Unexpected("a value");
            return FilterLiteral.Translate(tokens[next++], operand.Property);
        }

        private Operand Resolve(FilterToken token)
        {
            var names = token.Text.Split('/');
            if (variable == null) return Whole(token);
            if (names[0] != variable) throw new FilterException($"Within any(...) only {variable} can be compared", token.Position);
            if (names.Length == 1 && list.Kind != ValueKind.Items) return Operand.Item(list, variable, token.Position);
            var member = names.Length == 2 ? list.Members.FirstOrDefault(one => Same(one.Name, names[1])) : null;
            if (member == null) throw new FilterException($"Microsoft Graph cannot filter {list.Name} by '{token.Text}'", token.Position);
            return Operand.Item(member, variable + "/" + member.GraphName, token.Position);
        }

        private static Operand Whole(FilterToken token)
        {
            var property = Find(token.Text, token.Position);
            if (property.Kind != ValueKind.Items) return Operand.Whole(property, token.Position);
            var example = $"{property.Name}/any(x:x/{property.Members[0].Name} eq ...)";
            throw new FilterException($"{property.Name} is a list of objects: write {example}", token.Position);
        }

        private static UserProperty Find(string name, int position)
        {
            var property = UserProperties.Find(name);
            if (property == null) throw new FilterException($"A user has no property '{name}'", position);
            if (!property.IsFilterable) throw new FilterException($"Microsoft Graph cannot filter users by {property.Name}", position);
            return property;
        }

        private bool IsWord(string word)
        {
            return Current.Kind == FilterTokenKind.Word && Same(Current.Text, word);
        }

        private bool TakeWord(string word)
        {
            var found = IsWord(word);
            if (found) next++;
            return found;
        }

        private bool TakeSign(string sign)
        {
            var found = Current.Kind == FilterTokenKind.Sign && Current.Text == sign;
            if (found) next++;
            return found;
        }

        private void Expect(string sign)
        {
            if (!TakeSign(sign)) throw Unexpected("'" + sign + "'");
        }

        private FilterException Unexpected(string expected)
        {
            var found = Current.Kind == FilterTokenKind.End ? "the filter ends" : Current.Kind == FilterTokenKind.Quoted ? "a text stands" : $"'{Current.Text}' stands";
            return new FilterException($"Here {found} where {expected} is expected", Current.Position);
        }

        private static bool Same(string one, string other)
        {
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }

        /// <summary>What is compared: a property, or in any(...) an item of a list.</summary>
        private sealed class Operand
        {
            private Operand(UserProperty property, string path, bool isOfItem, int position)
            {
                Property = property;
                Path = path;
                IsOfItem = isOfItem;
                Position = position;
            }

            internal UserProperty Property { get; }

            internal string Path { get; }

            internal bool IsOfItem { get; }

            internal int Position { get; }

            internal string Name => Property.Name;

            internal ValueKind Kind => Property.Kind;

            internal bool IsWholeList => !IsOfItem && Property.IsList;

            internal static Operand Whole(UserProperty property, int position)
            {
                return new Operand(property, property.GraphName, false, position);
            }

            internal static Operand Item(UserProperty property, string path, int position)
            {
                return new Operand(property, path, true, position);
            }
        }
    }
}
