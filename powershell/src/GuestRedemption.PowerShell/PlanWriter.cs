using System;

namespace GuestRedemption.PowerShell
{
    /// <summary>A plan's file in the making.</summary>
    internal sealed class PlanWriter : IDisposable
    {
        private readonly NewFile file;
        private readonly bool isTable;

        internal PlanWriter(string path)
        {
            isTable = PlanFile.IsTable(path);
            file = new NewFile(path, isTable);
            if (isTable) CsvText.Write(file.Text, PlanColumns.Names);
        }

        internal void Write(PlanRow row)
        {
            if (isTable) CsvText.Write(file.Text, PlanColumns.Cells(row));
            else file.Text.Write(Json.Write(row.ToJson()) + "\n");
        }

        internal void Finish(bool replaces)
        {
            file.Finish(replaces);
        }

        public void Dispose()
        {
            file.Dispose();
        }
    }
}
