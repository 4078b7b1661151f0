using System;
using System.Collections.Generic;
using System.Globalization;

namespace GuestRedemption.PowerShell
{
    /// <summary>What a plan's file holds as a whole, found out before any of it is run.</summary>
    internal sealed class PlanContent
    {
        private const int MostFaults = 20;

        private readonly List<string> faults = new List<string>();
        private readonly GivenAddresses addresses = new GivenAddresses();
        private PlanRow first;
        private string options;
        private int faulty;

        /// <summary>How many guests are to be reset.</summary>
        internal long Guests { get; private set; }

        /// <summary>How many of them get another address first.</summary>
        internal long AddressChanges { get; private set; }

        /// <summary>How many rows are left out, since they are no-go.</summary>
        internal long LeftOut { get; private set; }

        /// <summary>The same for all rows.</summary>
        internal IDictionary<string, object> Options
        {
            get { return first == null ? new Dictionary<string, object>() : first.Options; }
        }

        /// <summary>What is wrong with it, with the numbers of lines; null when it can be run in this tenant.</summary>
        internal string Fault
        {
            get
            {
                if (faulty == 0) return null;
                if (faulty > faults.Count) faults.Add(Messages.Text("plan.moreFaults", faulty - faults.Count));
                return Messages.Text("plan.faulty", "\n  " + string.Join("\n  ", faults));
            }
        }

        /// <summary>Reads the whole file. The tenant is the one that is signed in to; null when it is not known.</summary>
        internal static PlanContent Of(PlanFile file, string tenantId, string cloud)
        {
            var content = new PlanContent();
            try
            {
                foreach (var row in file.Rows()) content.Look(row.Key, row.Value, tenantId, cloud);
            }
            catch (FormatException e)
            {
                content.Add(e.Message);
            }
            return content;
        }

        private void Look(int line, Func<PlanRow> read, string tenantId, string cloud)
        {
            try
            {
                var row = read();
                first = first ?? row;
                options = options ?? PlanOptions.Text(row.Options);
                if (PlanOptions.Text(row.Options) != options) throw new FormatException(Messages.Text("plan.otherOptions", first.Line));
                if (!Same(row.TenantId, tenantId ?? first.TenantId) || !Same(row.Cloud, cloud)) throw new FormatException(Messages.Text("plan.otherTenant", row.TenantId, row.Cloud, tenantId, cloud));
                var sameAddress = addresses.Add(row, line.ToString(CultureInfo.InvariantCulture));
                if (sameAddress != null) throw new FormatException(Messages.Text("plan.sameAddress", row.NewEmail, sameAddress));
                Count(row);
            }
            catch (FormatException e)
            {
                Add(Messages.Text("plan.line", line, e.Message));
            }
        }

        private void Count(PlanRow row)
        {
            if (!row.Go) LeftOut++;
            else
            {
                Guests++;
                if (row.ChangesAddress) AddressChanges++;
            }
        }

        private void Add(string fault)
        {
            if (++faulty <= MostFaults) faults.Add(fault);
        }

        private static bool Same(string a, string b)
        {
            return string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        }
    }
}
