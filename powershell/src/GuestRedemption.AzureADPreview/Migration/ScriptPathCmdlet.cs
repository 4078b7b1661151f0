using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using GuestRedemption.PowerShell;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A cmdlet that reads scripts: files, folders and patterns, each file once.</summary>
    public abstract class ScriptPathCmdlet : PSCmdlet
    {
        private const string ByPattern = "Path";
        private const string ByLiteral = "LiteralPath";

        private static readonly string[] Endings = { ".ps1", ".psm1", ".psd1" };

        private readonly HashSet<string> seen = new HashSet<string>(StringComparer.Ordinal);

        [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPattern, ValueFromPipeline = true)]
        [ValidateNotNullOrEmpty]
        public string[] Path { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = ByLiteral, ValueFromPipelineByPropertyName = true)]
        [Alias("PSPath", "FullName", "LP")]
        [ValidateNotNullOrEmpty]
        public string[] LiteralPath { get; set; }

        /// <summary>Folders with those under them.</summary>
        [Parameter]
        public SwitchParameter Recurse { get; set; }

        /// <summary>The scripts of the present -Path that were not there before.</summary>
        private protected IEnumerable<string> NewScripts()
        {
            var named = ParameterSetName == ByPattern ? Path.SelectMany(ByWildcards) : LiteralPath.SelectMany(Literally);
            foreach (var path in named)
            {
                if (Directory.Exists(path))
                {
                    foreach (var file in InFolder(path).Where(seen.Add)) yield return file;
                }
                else if (!IsScript(path)) TellSkipped(path);
                else if (seen.Add(path)) yield return path;
            }
        }

        /// <summary>The script as PowerShell reads it; null after an error about this file.</summary>
        private protected Script Read(string path)
        {
            var script = Parse(path);
            if (script?.SyntaxError == null) return script;
            var at = script.SyntaxError.Extent;
            var what = Messages.Text("script.notParsed", path, at.StartLineNumber, at.StartColumnNumber, script.SyntaxError.Message);
            Tell("ScriptNotParsed", ErrorCategory.ParserError, new ParseException(what, null), path);
            return null;
        }

        /// <summary>An error about one file; the others go on.</summary>
        private protected virtual void Tell(string id, ErrorCategory category, Exception exception, object target)
        {
            WriteError(Record(id, category, exception, target));
        }

        private protected void End(string id, ErrorCategory category, Exception exception, object target)
        {
            ThrowTerminatingError(Record(id, category, exception, target));
        }

        private protected OwnModule Own()
        {
            return new OwnModule(MyInvocation.MyCommand.Module);
        }

        private Script Parse(string path)
        {
            var script = Try(() => new Script(path), out var failure);
            if (failure != null) Tell("ScriptNotRead", ErrorCategory.ReadError, failure, path);
            return script;
        }

        private ErrorRecord Record(string id, ErrorCategory category, Exception exception, object target)
        {
            return ErrorRecords.Named(new ErrorRecord(exception, id, category, target), MyInvocation.MyCommand.Name);
        }

        private IEnumerable<string> ByWildcards(string path)
        {
            return Found(path, () => OfFileSystem(SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider), provider, path));
        }

        private IEnumerable<string> Literally(string path)
        {
            return Found(path, () =>
            {
                var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
                if (!File.Exists(resolved) && !Directory.Exists(resolved)) throw new ItemNotFoundException(Messages.Text("script.notFound", path));
                return OfFileSystem(new[] { resolved }, provider, path);
            });
        }

        private static IEnumerable<string> OfFileSystem(IEnumerable<string> resolved, ProviderInfo provider, string path)
        {
            if (provider.Name == "FileSystem") return resolved;
            throw new ItemNotFoundException(Messages.Text("script.notFileSystem", path));
        }

        private IEnumerable<string> InFolder(string folder)
        {
            var files = Found(folder, () => Directory.GetFiles(folder)).Where(IsScript).OrderBy(file => file, StringComparer.Ordinal);
            return Recurse ? files.Concat(FoldersIn(folder).SelectMany(InFolder)) : files;
        }

        /// <summary>A link may lead back to where it lies, and is not followed.</summary>
        private IEnumerable<string> FoldersIn(string folder)
        {
            return Found(folder, () => Directory.GetDirectories(folder))
                .Where(one => (File.GetAttributes(one) & FileAttributes.ReparsePoint) == 0)
                .OrderBy(one => one, StringComparer.Ordinal);
        }

        /// <summary>What was found; nothing after an error about this place.</summary>
        private IEnumerable<string> Found(string path, Func<IEnumerable<string>> find)
        {
            var found = Try(find, out var failure);
            if (failure != null) Tell("ScriptNotFound", ErrorCategory.ObjectNotFound, failure, path);
            return found ?? Enumerable.Empty<string>();
        }

        private static T Try<T>(Func<T> read, out Exception failure)
            where T : class
        {
            failure = null;
            try
            {
                return read();
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is RuntimeException)
            {
                failure = e;
                return null;
            }
        }

        private static bool IsScript(string path)
        {
            return Endings.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
        }

        /// <summary>Whoever names a file expects to hear of it; what Get-ChildItem brings along is of no interest.</summary>
        private void TellSkipped(string path)
        {
            var what = Messages.Text("script.skipped", path);
            if (MyInvocation.ExpectingInput) WriteVerbose(what);
            else WriteWarning(what);
        }
    }
}
