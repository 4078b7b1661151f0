using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>A user, group or contact named in an error or an obstacle.</summary>
    public sealed class DirectoryObject
    {
        internal DirectoryObject(IDictionary<string, object> json)
        {
            Id = json.Text("id");
            Kind = json.Text("kind");
            DisplayName = json.Text("display_name");
            Name = json.Text("name");
        }

        public string Id { get; private set; }

        public string Kind { get; private set; }

        public string DisplayName { get; private set; }

        /// <summary>User principal name or mail address.</summary>
        public string Name { get; private set; }

        public override string ToString()
        {
            return (Kind == null ? "" : Kind + " ") + "'" + (DisplayName ?? Name) + "' (" + Id + ")";
        }
    }
}
