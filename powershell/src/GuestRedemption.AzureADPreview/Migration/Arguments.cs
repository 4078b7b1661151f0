using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>What a call gives its command, as far as the script's text tells.</summary>
    internal sealed class Arguments
    {
        private readonly List<KeyValuePair<string, Ast>> named = new List<KeyValuePair<string, Ast>>();
        private readonly List<Ast> positional = new List<Ast>();

        /// <param name="call">The call.</param>
        /// <param name="isSwitch">Whether the parameter of this name takes no argument.</param>
        internal Arguments(CommandAst call, Predicate<string> isSwitch)
        {
            var elements = call.CommandElements;
            for (var i = 1; i < elements.Count; i++)
            {
                if (!(elements[i] is CommandParameterAst parameter))
                {
                    Add(elements[i]);
                    continue;
                }
                Ast value = parameter.Argument;
                var takesNext = value == null && !isSwitch(parameter.ParameterName) && i + 1 < elements.Count && !(elements[i + 1] is CommandParameterAst);
                if (takesNext) value = elements[++i];
                named.Add(new KeyValuePair<string, Ast>(parameter.ParameterName, value));
            }
        }

        /// <summary>As written, in their order.</summary>
        internal IEnumerable<string> Names => named.Select(one => one.Key);

        internal List<VariableExpressionAst> Splatted { get; } = new List<VariableExpressionAst>();

        /// <summary>The argument of the first parameter whose written name fits; null if there is none.</summary>
        internal Ast Of(Predicate<string> name)
        {
            return named.FirstOrDefault(one => name(one.Key)).Value;
        }

        /// <summary>By name, which may be cut short, else by position.</summary>
        internal Ast Of(string name, int position)
        {
            return Of(written => name.StartsWith(written, StringComparison.OrdinalIgnoreCase))
                ?? (position < positional.Count ? positional[position] : null);
        }

        /// <summary>The text that a constant stands for; null for anything else.</summary>
        internal static string Constant(Ast value)
        {
            return (value as ConstantExpressionAst)?.Value?.ToString();
        }

        private void Add(Ast element)
        {
            if (element is VariableExpressionAst variable && variable.Splatted) Splatted.Add(variable);
            else positional.Add(element);
        }
    }
}
