using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace GuestRedemption.PowerShell
{
    /// <summary>The sandbox tenant as a program. It ends when its standard input does, so never later than this process.</summary>
    public sealed class SandboxProcess
    {
        private const string Program = "guest-redemption-sandbox";
        private const int StartMilliseconds = 10000;

        private readonly Process process;
        private readonly IDictionary<string, object> connection;

        private SandboxProcess(Process process, IDictionary<string, object> connection)
        {
            this.process = process;
            this.connection = connection;
        }

        public string Url
        {
            get { return connection.Text("url"); }
        }

        public string TenantDomain
        {
            get { return connection.Text("tenant_domain"); }
        }

        public int ProcessId
        {
            get { return process.Id; }
        }

        /// <summary>How to sign in to it.</summary>
        internal IDictionary<string, object> Auth
        {
            get
            {
                return new Dictionary<string, object>
                {
                    { "grant", "client_secret" },
                    { "tenant_id", connection.Text("tenant_id") },
                    { "client_id", connection.Text("client_id") },
                    { "client_secret", connection.Text("client_secret") },
                };
            }
        }

        /// <summary>The only variables its calls may see: no proxy, no other credential.</summary>
        internal IDictionary<string, object> Environment
        {
            get
            {
                return new Dictionary<string, object>
                {
                    { "GUEST_REDEMPTION_GRAPH_URL", Url },
                    { "GUEST_REDEMPTION_LOGIN_URL", Url },
                    { "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP", "1" },
                };
            }
        }

        public override string ToString()
        {
            return Url;
        }

        /// <exception cref="FileNotFoundException">The program was not built.</exception>
        /// <exception cref="InvalidOperationException">It did not start.</exception>
        internal static SandboxProcess Start()
        {
            var start = new ProcessStartInfo(Find())
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            var process = Process.Start(start);
            var line = process.StandardOutput.ReadLineAsync();
            var answered = line.Wait(StartMilliseconds) && line.Result != null;
            if (answered) return new SandboxProcess(process, (IDictionary<string, object>)Json.Parse(line.Result));
            End(process);
            throw new InvalidOperationException(Messages.Text("sandbox.notStarted", start.FileName));
        }

        internal void Stop()
        {
            End(process);
        }

        private static void End(Process process)
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(2000)) process.Kill();
            process.Dispose();
        }

        /// <summary>Beside the native library; a library under test may lie in the folder "deps" below it.</summary>
        private static string Find()
        {
            var file = Program + (Path.DirectorySeparatorChar == '\\' ? ".exe" : "");
            var folder = Path.GetDirectoryName(Client.LibraryPath);
            foreach (var place in new[] { folder, Path.GetDirectoryName(folder) })
            {
                var path = Path.Combine(place, file);
                if (File.Exists(path)) return path;
            }
            throw new FileNotFoundException(Messages.Text("sandbox.notFound", folder));
        }
    }
}
