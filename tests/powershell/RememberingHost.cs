using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace Tests
{
    /// <summary>A host of PowerShell with a person who reads everything and answers nothing.</summary>
    public sealed class RememberingHost : PSHost
    {
        private readonly Guid id = Guid.NewGuid();
        private readonly RememberingUI ui = new RememberingUI();

        public string Told { get { return ui.Told; } }

        public override PSHostUserInterface UI { get { return ui; } }
        public override string Name { get { return "RememberingHost"; } }
        public override Version Version { get { return new Version(1, 0); } }
        public override Guid InstanceId { get { return id; } }
        public override CultureInfo CurrentCulture { get { return CultureInfo.InvariantCulture; } }
        public override CultureInfo CurrentUICulture { get { return CultureInfo.InvariantCulture; } }
        public override void SetShouldExit(int exitCode) { }
        public override void EnterNestedPrompt() { }
        public override void ExitNestedPrompt() { }
        public override void NotifyBeginApplication() { }
        public override void NotifyEndApplication() { }
    }

    internal sealed class RememberingUI : PSHostUserInterface
    {
        private readonly StringBuilder told = new StringBuilder();

        internal string Told { get { lock (told) return told.ToString(); } }

        public override PSHostRawUserInterface RawUI { get { return null; } }
        public override void Write(string value) { lock (told) told.Append(value); }
        public override void Write(ConsoleColor foreground, ConsoleColor background, string value) { Write(value); }
        public override void WriteLine(string value) { Write(value + "\n"); }
        public override void WriteErrorLine(string value) { WriteLine(value); }
        public override void WriteDebugLine(string message) { WriteLine(message); }
        public override void WriteVerboseLine(string message) { WriteLine(message); }
        public override void WriteWarningLine(string message) { WriteLine(message); }
        public override void WriteProgress(long sourceId, ProgressRecord record) { }
        public override string ReadLine() { throw new NotSupportedException(); }
        public override SecureString ReadLineAsSecureString() { throw new NotSupportedException(); }
        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) { throw new NotSupportedException(); }
        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) { throw new NotSupportedException(); }
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) { throw new NotSupportedException(); }
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes types, PSCredentialUIOptions options) { throw new NotSupportedException(); }
    }
}
