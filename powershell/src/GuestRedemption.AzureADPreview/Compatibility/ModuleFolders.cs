using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>The folders in which PowerShell looks for modules.</summary>
    internal static class ModuleFolders
    {
        private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        private static readonly StringComparison Case = IsWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

        /// <summary>Those of PSModulePath, in its order.</summary>
        internal static IList<string> All
        {
            get
            {
                var written = Environment.GetEnvironmentVariable("PSModulePath") ?? "";
                return written.Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(Normal).Distinct().ToList();
            }
        }

        /// <summary>
        /// The one for modules of this user, if PowerShell looks there, else the first in the user's home. Null if
        /// there is none.
        /// </summary>
        /// <param name="powerShellHome">Where PowerShell itself lies, which may be in somebody's home.</param>
        internal static string OfUser(string powerShellHome)
        {
            var home = Normal(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));
            return All.FirstOrDefault(folder => Same(folder, Standard(home)))
                ?? All.FirstOrDefault(folder => IsUnder(folder, home) && !IsUnder(folder, Normal(powerShellHome)));
        }

        /// <summary>
        /// Whether PowerShell finds a module with this very manifest by its name. Compared by content: links make one
        /// folder have several paths.
        /// </summary>
        internal static bool Find(string name, string manifest)
        {
            return All.SelectMany(folder => ModuleFiles(folder, name)).Any(file => File.ReadAllText(file) == manifest);
        }

        /// <summary>The files by which PowerShell takes the module of this name to be in the folder.</summary>
        internal static IEnumerable<string> ModuleFiles(string folder, string name)
        {
            if (!Directory.Exists(folder)) yield break;
            foreach (var module in Directory.GetDirectories(folder).Where(one => IsNamed(one, name)))
            {
                var versions = Directory.GetDirectories(module).Where(one => Version.TryParse(Path.GetFileName(one), out _));
                foreach (var place in versions.Concat(new[] { module }))
                {
                    foreach (var file in Directory.GetFiles(place).Where(one => IsModule(one, name))) yield return file;
                }
            }
        }

        internal static string Normal(string folder)
        {
            return Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        }

        private static string Standard(string home)
        {
            if (IsWindows)
            {
                var isDesktop = RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);
                var documents = Environment.GetFolderPath(Environment.SpecialFolder.MyDocuments);
                return Path.Combine(documents, isDesktop ? "WindowsPowerShell" : "PowerShell", "Modules");
            }
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return Path.Combine(string.IsNullOrEmpty(data) ? Path.Combine(home, ".local", "share") : data, "powershell", "Modules");
        }

        private static bool Same(string a, string b)
        {
            return string.Equals(a, b, Case);
        }

        private static bool IsUnder(string folder, string above)
        {
            return folder.StartsWith(above + Path.DirectorySeparatorChar, Case);
        }

        private static bool IsNamed(string path, string name)
        {
            return string.Equals(Path.GetFileName(path), name, StringComparison.OrdinalIgnoreCase);
        }

        private static bool IsModule(string file, string name)
        {
            return IsNamed(file, name + ".psd1") || IsNamed(file, name + ".psm1") || IsNamed(file, name + ".dll");
        }
    }
}
