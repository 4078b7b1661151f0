using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;

namespace GuestRedemption.PowerShell
{
    /// <summary>What a person is shown who has to sign in.</summary>
    public static class SignInPrompt
    {
        private const string DefaultClient = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

        // The shell starts it in the background, where Ctrl+C does not reach it and its words do not reach the console.
        private const string OpenInBackground = "command -v \\\"$0\\\" >/dev/null || exit 1; \\\"$0\\\" \\\"$1\\\" </dev/null >/dev/null 2>&1 &";

        /// <summary>Tells who asks and what to do, and opens the browser where one is needed.</summary>
        public static void Show(PSHost host, IDictionary<string, object> prompt)
        {
            Tell(host, Messages.Text("signIn.asking", prompt.Text("environment"), NameOf(prompt.Text("client_id"))));
            if (prompt.Text("kind") == "browser") ShowPage(host, prompt.Text("url"));
            else Tell(host, Messages.Text("signIn.code", prompt.Text("verification_uri"), prompt.Text("user_code")));
        }

        private static void ShowPage(PSHost host, string url)
        {
            var opened = TryOpen(url) ? Messages.Text("signIn.browserOpens") : Messages.Text("signIn.noBrowser");
            Tell(host, opened + "\n" + url);
        }

        private static string NameOf(string client)
        {
            return client == DefaultClient ? "Microsoft Graph Command Line Tools (" + client + ")" : client;
        }

        /// <summary>The host directly: never part of anybody's output, and not to be silenced while somebody waits for it.</summary>
        private static void Tell(PSHost host, string text)
        {
            host.UI.WriteLine(text);
        }

        private static bool TryOpen(string url)
        {
            try
            {
                using (var process = Process.Start(Opener(url)))
                {
                    if (process == null || Path.DirectorySeparatorChar == '\\') return true;
                    process.WaitForExit();
                    return process.ExitCode == 0;
                }
            }
            catch (Win32Exception)
            {
                return false;
            }
        }

        private static ProcessStartInfo Opener(string url)
        {
            if (Path.DirectorySeparatorChar == '\\') return new ProcessStartInfo(url) { UseShellExecute = true };
            var program = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "open" : "xdg-open";
            return new ProcessStartInfo("/bin/sh", "-c \"" + OpenInBackground + "\" " + program + " \"" + url + "\"") { UseShellExecute = false };
        }
    }
}
