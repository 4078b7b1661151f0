using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A script as PowerShell itself reads it. Nothing of it is run.</summary>
    internal sealed class Script
    {
        /// <summary>What the parser misses on this machine, although the script is well formed.</summary>
        private static readonly string[] NotInstalledHere =
        {
            "ErrorLoadingAssembly", "ModuleNotFoundDuringParse", "MultipleModuleEntriesFoundDuringParse", "TypeNotFound",
        };

        internal Script(string path)
        {
            Path = path;
            Root = Parser.ParseFile(path, out var tokens, out var errors);
            Tokens = tokens;
            SyntaxError = errors.FirstOrDefault(error => !NotInstalledHere.Contains(error.ErrorId));
        }

        internal string Path { get; }

        internal ScriptBlockAst Root { get; }

        internal Token[] Tokens { get; }

        /// <summary>The first one; null for a script that parses.</summary>
        internal ParseError SyntaxError { get; }

        internal bool IsManifest => Path.EndsWith(".psd1", System.StringComparison.OrdinalIgnoreCase);
    }
}
