using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Finds what a script uses of the old modules.</summary>
    internal sealed class ScriptScanner
    {
        private static readonly Regex Requires = new Regex(@"^#requires\s", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        private readonly CallJudge calls;

        internal ScriptScanner(OwnModule own)
        {
            calls = new CallJudge(own);
        }

        /// <summary>In the order of the script.</summary>
        internal IEnumerable<AzureADScriptUsage> Scan(Script script)
        {
            var names = new ScriptNames(script.Root);
            var found = script.Root.FindAll(ast => true, true).SelectMany(ast => Judge(ast, names).Select(usage => usage.At(script.Path, ast.Extent)));
            var required = script.IsManifest ? OfManifest(script) : OfRequires(script);
            return found.Concat(required).OrderBy(usage => usage.Offset);
        }

        private IEnumerable<AzureADScriptUsage> Judge(Ast ast, ScriptNames names)
        {
            switch (ast)
            {
                case CommandAst call:
                    var judged = calls.Judge(call, names);
                    return judged != null ? new[] { judged } : ModuleJudge.Judge(call).Concat(TypeJudge.Made(call));
                case TypeExpressionAst type: return TypeJudge.InBrackets(type.TypeName);
                case TypeConstraintAst type: return TypeJudge.InBrackets(type.TypeName);
                case UsingStatementAst statement when statement.UsingStatementKind == UsingStatementKind.Namespace:
                    return TypeJudge.InNamespace(statement.Name.Value);
                case UsingStatementAst statement when statement.UsingStatementKind == UsingStatementKind.Module:
                    return Modules("using module", (Ast)statement.ModuleSpecification ?? statement.Name).Select(pair => pair.Value);
                default: return Enumerable.Empty<AzureADScriptUsage>();
            }
        }

        private static IEnumerable<AzureADScriptUsage> OfRequires(Script script)
        {
            if (script.Root.ScriptRequirements == null) yield break;
            var lines = script.Tokens.Where(token => token.Kind == TokenKind.Comment && Requires.IsMatch(token.Text)).ToList();
            foreach (var module in script.Root.ScriptRequirements.RequiredModules)
            {
                var usage = ModuleJudge.Judge("#Requires -Modules", module.Name, Wanted.By(module));
                var line = lines.FirstOrDefault(token => Regex.IsMatch(token.Text, @"(?<![\w.])" + Regex.Escape(module.Name) + @"(?![\w.])", RegexOptions.IgnoreCase));
                if (usage != null && line != null) yield return usage.At(script.Path, line.Extent);
            }
        }

        private static IEnumerable<AzureADScriptUsage> OfManifest(Script script)
        {
            var manifest = script.Root.Find(ast => ast is HashtableAst, false) as HashtableAst;
            var required = manifest?.KeyValuePairs.FirstOrDefault(pair => string.Equals(Arguments.Constant(pair.Item1), "RequiredModules", System.StringComparison.OrdinalIgnoreCase));
            if (required == null) return Enumerable.Empty<AzureADScriptUsage>();
            return Modules("RequiredModules", required.Item2).Select(pair => pair.Value.At(script.Path, pair.Key.Extent));
        }

        /// <summary>Modules written as names or as tables with a name.</summary>
        private static IEnumerable<KeyValuePair<Ast, AzureADScriptUsage>> Modules(string how, Ast written)
        {
            foreach (StringConstantExpressionAst name in written.FindAll(ast => ast is StringConstantExpressionAst, false))
            {
                Ast table = name;
                while (table != written && !(table is HashtableAst)) table = table.Parent;
                var usage = ModuleJudge.Judge(how, name.Value, Wanted.By(table is HashtableAst ? table : name));
                if (usage != null) yield return new KeyValuePair<Ast, AzureADScriptUsage>(name, usage);
            }
        }
    }
}
