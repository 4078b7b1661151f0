using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>The journal of a run: what it belongs to, and how far it could be read.</summary>
    public sealed class Journal
    {
        internal Journal(string path, IDictionary<string, object> header)
        {
            Path = path;
            Id = header.Text("id");
            Begun = header.Time("time");
            Library = header.Text("library");
            TenantId = header.Text("tenant_id");
            Cloud = header.Text("cloud");
            GraphUrl = header.Text("graph_url");
            Lines = 1;
        }

        public string Path { get; private set; }

        public string Id { get; private set; }

        /// <summary>UTC.</summary>
        public DateTime? Begun { get; private set; }

        /// <summary>Version of the library that began it.</summary>
        public string Library { get; private set; }

        public string TenantId { get; private set; }

        public string Cloud { get; private set; }

        public string GraphUrl { get; private set; }

        /// <summary>How many lines there are whose sums are right.</summary>
        public long Lines { get; private set; }

        /// <summary>Whether its run has ended in order; otherwise it goes on, or something has ended it.</summary>
        public bool IsClosed { get; private set; }

        /// <summary>The first line that is not whole, from 1: cut off by a crash, or being written. Null if there is none.</summary>
        public long? TornLine { get; private set; }

        public long? TornBytes { get; private set; }

        public override string ToString()
        {
            return Path;
        }

        internal void Take(IDictionary<string, object> record)
        {
            Lines++;
            IsClosed = record.Text("kind") == "closed";
        }

        internal void End(IDictionary<string, object> torn)
        {
            TornLine = torn.Integer("line");
            TornBytes = torn.Integer("bytes");
        }
    }
}
