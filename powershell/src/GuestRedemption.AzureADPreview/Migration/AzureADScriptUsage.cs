using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>What a script uses of the old modules.</summary>
    public enum AzureADUsageKind
    {
        /// <summary>A call of a cmdlet, also by an alias or by name as a string.</summary>
        Command,

        /// <summary>A .NET type.</summary>
        Type,

        /// <summary>A module by name: required, imported or installed.</summary>
        Module,
    }

    /// <summary>Whether it runs with GuestRedemption.AzureADPreview, the script unchanged.</summary>
    public enum AzureADUsageStatus
    {
        /// <summary>As it is.</summary>
        Runs,

        /// <summary>The command is there, but what it is given does not work any more, or cannot be told.</summary>
        Partly,

        /// <summary>There is no such command, type or module.</summary>
        Missing,
    }

    /// <summary>One place in a script where it uses AzureAD, AzureADPreview or MSOnline.</summary>
    public sealed class AzureADScriptUsage
    {
        public string Path { get; private set; }

        public int Line { get; private set; }

        public int Column { get; private set; }

        public AzureADUsageKind Kind { get; internal set; }

        /// <summary>The cmdlet's own name where the script writes an alias.</summary>
        public string Command { get; internal set; }

        /// <summary>AzureAD stands for AzureADPreview too, unless only that had the command.</summary>
        public string Module { get; internal set; }

        public AzureADUsageStatus Status { get; internal set; }

        /// <summary>Names of the parameters, in full where they are known.</summary>
        public string[] Parameters { get; internal set; } = new string[0];

        public string Reason { get; internal set; }

        /// <summary>What to write instead.</summary>
        public string Replacement { get; internal set; }

        /// <summary>The line of the script.</summary>
        public string Text { get; private set; }

        /// <summary>The module that must be found under this name; null where the command alone is enough.</summary>
        internal string NeededModule { get; set; }

        /// <summary>For sorting: how far into the file.</summary>
        internal int Offset { get; private set; }

        internal AzureADScriptUsage At(string path, IScriptExtent extent)
        {
            Path = path;
            Line = extent.StartLineNumber;
            Column = extent.StartColumnNumber;
            Text = extent.StartScriptPosition.Line.Trim();
            Offset = extent.StartOffset;
            return this;
        }
    }
}
