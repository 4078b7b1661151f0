using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace GuestRedemption
{
    /// <summary>
    /// Where the native library may lie: the file that GUEST_REDEMPTION_LIBRARY names and no other; else
    /// runtimes/&lt;rid&gt;/native under the base folder; else, in a checkout, the newest of cargo's builds.
    /// </summary>
    internal static class LibrarySearch
    {
        private const string Variable = "GUEST_REDEMPTION_LIBRARY";

        private static string chosenBase;

        internal static string Base
        {
            get { return chosenBase ?? AssemblyFolder(); }
            set { chosenBase = value; }
        }

        private static string FileName
        {
            get
            {
                if (NativeLibrary.IsWindows) return "guest_redemption.dll";
                return IsMacOS ? "libguest_redemption.dylib" : "libguest_redemption.so";
            }
        }

        private static bool IsMacOS
        {
            get { return RuntimeInformation.IsOSPlatform(OSPlatform.OSX); }
        }

        /// <exception cref="DllNotFoundException">Tells every path tried, and why it would not do.</exception>
        internal static NativeLibrary Load()
        {
            var tried = new List<string>();
            foreach (var path in Candidates())
            {
                var reason = "no such file";
                var library = File.Exists(path) ? NativeLibrary.TryLoad(path, out reason) : null;
                if (library != null) return library;
                tried.Add("  " + path + " (" + reason + ")");
            }
            throw new DllNotFoundException(
                "The native library guest_redemption could not be loaded. Tried:\n" + string.Join("\n", tried) +
                "\nIn a checkout, run 'cargo build'; otherwise name the file in the environment variable " + Variable + ".");
        }

        private static IEnumerable<string> Candidates()
        {
            var named = Environment.GetEnvironmentVariable(Variable);
            if (!string.IsNullOrEmpty(named)) return new[] { Path.GetFullPath(named) };
            var all = new List<string>();
            foreach (var rid in RuntimeIds()) all.Add(Path.Combine(Base, "runtimes", rid, "native", FileName));
            all.AddRange(CargoBuilds());
            return all;
        }

        /// <summary>On Linux the wrong C library shows only when loading, so both are tried.</summary>
        private static string[] RuntimeIds()
        {
            var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            if (NativeLibrary.IsWindows) return new[] { "win-" + processor };
            return IsMacOS ? new[] { "osx-" + processor } : new[] { "linux-" + processor, "linux-musl-" + processor };
        }

        private static List<string> CargoBuilds()
        {
            var builds = new List<string>();
            var checkout = Checkout();
            if (checkout == null) return builds;
            var target = Path.Combine(checkout, Environment.GetEnvironmentVariable("CARGO_TARGET_DIR") ?? "target");
            builds.Add(Path.Combine(target, "debug", FileName));
            builds.Add(Path.Combine(target, "release", FileName));
            builds.Sort((a, b) => File.GetLastWriteTimeUtc(b).CompareTo(File.GetLastWriteTimeUtc(a)));
            return builds;
        }

        /// <summary>The folder above the base that holds this project's sources; null if there is none.</summary>
        private static string Checkout()
        {
            for (var folder = new DirectoryInfo(Base); folder != null; folder = folder.Parent)
            {
                var isOurs = File.Exists(Path.Combine(folder.FullName, "Cargo.toml")) && File.Exists(Path.Combine(folder.FullName, "powershell", "build.ps1"));
                if (isOurs) return folder.FullName;
            }
            return null;
        }

        /// <summary>The assembly lies in the base folder, or in bin under it.</summary>
        private static string AssemblyFolder()
        {
            var location = typeof(LibrarySearch).Assembly.Location;
            var folder = string.IsNullOrEmpty(location) ? AppDomain.CurrentDomain.BaseDirectory : Path.GetDirectoryName(location);
            var isBin = string.Equals(Path.GetFileName(folder), "bin", StringComparison.OrdinalIgnoreCase);
            return isBin ? Path.GetDirectoryName(folder) : folder;
        }
    }
}
