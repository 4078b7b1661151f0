using System;
using System.IO;
using System.Text;

namespace GuestRedemption.PowerShell
{
    /// <summary>A text file that takes its name when it is whole. Until then it stands beside that, under another.</summary>
    internal sealed class NewFile : IDisposable
    {
        private readonly string path;
        private readonly string unfinished;
        private readonly FileStream file;

        /// <summary>Spreadsheets know UTF-8 by the mark at its beginning; for everything else it is in the way.</summary>
        internal NewFile(string path, bool withMark)
        {
            this.path = path;
            unfinished = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
            file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            Text = new StreamWriter(file, new UTF8Encoding(withMark));
        }

        internal StreamWriter Text { get; private set; }

        /// <summary>Gives it its name; where a file has that, only when it is to be replaced.</summary>
        /// <exception cref="IOException">A file has the name, or the disk is full.</exception>
        internal void Finish(bool replaces)
        {
            Text.Flush();
            file.Flush(true);
            Text.Dispose();
            if (replaces && File.Exists(path)) File.Replace(unfinished, path, null);
            else File.Move(unfinished, path);
        }

        public void Dispose()
        {
            Text.Dispose();
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
    }
}
