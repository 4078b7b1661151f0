using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Which parameters a splatted hashtable holds, where the script writes it out.</summary>
    internal static class Splat
    {
        /// <summary>
        /// Null where it cannot be told: anything but one assignment of a written hashtable in the same function, with
        /// single keys set besides.
        /// </summary>
        internal static IList<string> Keys(VariableExpressionAst splatted)
        {
            var name = splatted.VariablePath.UserPath;
            var scope = Function(splatted);
            var mentions = scope.FindAll(ast => IsVariable(ast, name) && Function(ast) == scope && !((VariableExpressionAst)ast).Splatted, true);
            var keys = new List<string>();
            var tables = 0;
            foreach (var mention in mentions)
            {
                var parent = mention.Parent is ConvertExpressionAst ? mention.Parent.Parent : mention.Parent;
                if (parent is AssignmentStatementAst assignment)
                {
                    tables++;
                    if (!AddTable(assignment, keys)) return null;
                }
                else if (!AddSingle(mention, keys)) return null;
            }
            return tables == 1 ? keys : null;
        }

        private static bool AddTable(AssignmentStatementAst assignment, List<string> keys)
        {
            var value = (assignment.Right as CommandExpressionAst)?.Expression ?? (assignment.Right as PipelineAst)?.GetPureExpression();
            if (value is ConvertExpressionAst ordered) value = ordered.Child;
            if (assignment.Operator != TokenKind.Equals || !(value is HashtableAst table)) return false;
            return table.KeyValuePairs.All(pair => Add(pair.Item1, keys));
        }

        /// <summary>A key that is set or added by itself; reading the table changes nothing.</summary>
        private static bool AddSingle(Ast mention, List<string> keys)
        {
            switch (mention.Parent)
            {
                case InvokeMemberExpressionAst call when call.Expression == mention:
                    var method = Arguments.Constant(call.Member);
                    if (Is(method, "Add")) return call.Arguments != null && Add(call.Arguments[0], keys);
                    return Is(method, "Remove") || Is(method, "ContainsKey") || Is(method, "Contains");
                case MemberExpressionAst member when member.Expression == mention:
                    return !IsAssigned(member) || Add(member.Member, keys);
                case IndexExpressionAst index when index.Target == mention:
                    return !IsAssigned(index) || Add(index.Index, keys);
                default:
                    return false;
            }
        }

        private static bool IsAssigned(Ast target)
        {
            return target.Parent is AssignmentStatementAst assignment && assignment.Left == target;
        }

        private static bool Add(Ast key, List<string> keys)
        {
            var name = Arguments.Constant(key);
            if (name != null) keys.Add(name);
            return name != null;
        }

        private static bool IsVariable(Ast ast, string name)
        {
            return ast is VariableExpressionAst variable && Is(variable.VariablePath.UserPath, name);
        }

        /// <summary>The function around it, or the whole script.</summary>
        private static Ast Function(Ast ast)
        {
            while (ast.Parent != null && !(ast is FunctionDefinitionAst)) ast = ast.Parent;
            return ast;
        }

        private static bool Is(string a, string b)
        {
            return string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        }
    }
}
