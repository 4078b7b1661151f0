using System;
using System.Collections.Generic;
using System.Globalization;

namespace GuestRedemption
{
    /// <summary>Reads members of parsed JSON; what is missing or of another type is null, as outputs are open.</summary>
    public static class JsonMembers
    {
        private static readonly object[] Nothing = new object[0];

        public static object Member(this IDictionary<string, object> json, string key)
        {
            object value;
            return json != null && json.TryGetValue(key, out value) ? value : null;
        }

        public static IDictionary<string, object> Object(this IDictionary<string, object> json, string key)
        {
            return json.Member(key) as IDictionary<string, object>;
        }

        public static IList<object> List(this IDictionary<string, object> json, string key)
        {
            return json.Member(key) as IList<object> ?? Nothing;
        }

        public static string Text(this IDictionary<string, object> json, string key)
        {
            return json.Member(key) as string;
        }

        public static bool? Flag(this IDictionary<string, object> json, string key)
        {
            return json.Member(key) as bool?;
        }

        public static long? Integer(this IDictionary<string, object> json, string key)
        {
            return json.Member(key) as long?;
        }

        /// <summary>A point in time of RFC 3339, in UTC.</summary>
        public static DateTime? Time(this IDictionary<string, object> json, string key)
        {
            DateTime time;
            const DateTimeStyles utc = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
            return DateTime.TryParse(json.Text(key), CultureInfo.InvariantCulture, utc, out time) ? time : (DateTime?)null;
        }

        public static string[] Texts(this IDictionary<string, object> json, string key)
        {
            return Map(json.List(key), value => value as string);
        }

        public static T[] Objects<T>(this IDictionary<string, object> json, string key, Func<IDictionary<string, object>, T> read)
        {
            return Map(json.List(key), value => read(value as IDictionary<string, object>));
        }

        private static T[] Map<T>(IList<object> values, Func<object, T> read)
        {
            var all = new T[values.Count];
            for (var i = 0; i < all.Length; i++) all[i] = read(values[i]);
            return all;
        }
    }
}
