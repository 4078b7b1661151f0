using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>What a property holds: how it is read, written and compared.</summary>
    internal enum ValueKind
    {
        Text,
        Flag,
        Time,
        Guid,

        /// <summary>A list of texts.</summary>
        Texts,

        /// <summary>One text here, a list of texts in Graph.</summary>
        FirstText,

        /// <summary>A list of objects.</summary>
        Items,

        /// <summary>Anything else.</summary>
        Other,
    }

    /// <summary>A property of a user: its old name, Graph's, and what today's service lets one do with it.</summary>
    internal sealed class UserProperty
    {
        private static readonly UserProperty[] NoMembers = new UserProperty[0];

        private readonly Func<IDictionary<string, object>, string, object> read;
        private readonly PropertyInfo target;

        internal UserProperty(string name, string graphName, ValueKind kind, Func<IDictionary<string, object>, string, object> read = null)
        {
            Name = name;
            GraphName = graphName;
            Kind = kind;
            this.read = read ?? ReaderOf(kind);
            target = typeof(User).GetProperty(name);
        }

        internal string Name { get; }

        /// <summary>Null where Graph has nothing like it.</summary>
        internal string GraphName { get; }

        internal ValueKind Kind { get; }

        internal bool IsWritable { get; private set; }

        internal bool IsFilterable { get; private set; }

        /// <summary>Whether it can be filtered in advanced queries only.</summary>
        internal bool IsInSearchIndexOnly { get; private set; }

        /// <summary>Whether Graph finds it only together with the issuer it belongs to.</summary>
        internal bool NeedsIssuer { get; private set; }

        /// <summary>What can be filtered of the objects in it.</summary>
        internal IReadOnlyList<UserProperty> Members { get; private set; } = NoMembers;

        internal bool IsList => Kind == ValueKind.Texts || Kind == ValueKind.FirstText || Kind == ValueKind.Items;

        /// <summary>Whether it is one of the texts in <see cref="User.ExtensionProperty"/>.</summary>
        internal bool IsExtension => target == null;

        internal bool IsNamed(string name)
        {
            return Same(Name, name) || Same(GraphName, name);
        }

        internal UserProperty Writable()
        {
            IsWritable = true;
            return this;
        }

        internal UserProperty WithIssuer()
        {
            NeedsIssuer = true;
            return this;
        }

        internal UserProperty Filterable()
        {
            IsFilterable = true;
            return this;
        }

        internal UserProperty FilterableByIndex(params UserProperty[] members)
        {
            IsInSearchIndexOnly = true;
            return Filterable(members);
        }

        internal UserProperty Filterable(params UserProperty[] members)
        {
            Members = members;
            return Filterable();
        }

        internal object Read(IDictionary<string, object> graph)
        {
            return GraphName == null ? null : read(graph, GraphName);
        }

        internal void Copy(IDictionary<string, object> graph, User user)
        {
            target.SetValue(user, Read(graph), null);
        }

        private static Func<IDictionary<string, object>, string, object> ReaderOf(ValueKind kind)
        {
            switch (kind)
            {
                case ValueKind.Flag: return (graph, key) => graph.Flag(key);
                case ValueKind.Time: return (graph, key) => graph.Time(key);
                case ValueKind.Texts: return (graph, key) => graph.Texts(key).ToList();
                case ValueKind.FirstText: return (graph, key) => graph.Texts(key).FirstOrDefault();
                default: return (graph, key) => graph.Text(key);
            }
        }

        private static bool Same(string one, string other)
        {
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }
    }
}
