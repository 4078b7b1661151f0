using System;
using System.Globalization;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// What the library says, for people. It speaks English, with a stable code for each kind of thing; in another
    /// language the sentence for the code goes first, and the library's own words, which know more, follow in brackets.
    /// </summary>
    public static class LibraryText
    {
        /// <summary>The message of a failed call and what to do next.</summary>
        public static string Error(GuestRedemptionException failure, string hint)
        {
            var sentence = Messages.Find("status." + failure.Status);
            if (sentence == null) return Sentences(failure.Message, hint);
            var own = hint == failure.Hint ? null : hint;
            return Sentences(sentence, own) + InBrackets(Sentences(failure.Message, failure.Hint));
        }

        /// <summary>What to do after a failed call; may be null.</summary>
        public static string Hint(GuestRedemptionException failure)
        {
            return Messages.Find("hint." + failure.Status) ?? failure.Hint;
        }

        /// <summary>One after the other, each with a full stop; each may be missing.</summary>
        public static string Sentences(params string[] sentences)
        {
            return string.Join(" ", sentences.Where(one => !string.IsNullOrEmpty(one)).Select(Sentence));
        }

        internal static string Status(string status, string message)
        {
            return Words(message, "status." + status);
        }

        /// <summary>An obstacle with the objects it is about; the remedy may be left out.</summary>
        internal static string Obstacle(Plan plan, Obstacle obstacle, string remedy)
        {
            var objects = string.Join(", ", obstacle.Objects);
            // what refuses names them itself
            var english = obstacle.Refuses || objects.Length == 0 ? obstacle.Message : obstacle.Message + ": " + objects;
            if (remedy != null) english = Sentences(english, remedy);
            var sentence = Messages.Find("obstacle." + obstacle.Code);
            if (sentence == null) return english;
            return string.Format(CultureInfo.CurrentCulture, sentence, plan.DisplayName, plan.NewEmail, objects) + InBrackets(english);
        }

        internal static string NotChecked(Unchecked check)
        {
            return Words(check.Message, "notChecked." + check.Code);
        }

        internal static string Step(PlannedStep step)
        {
            return Words(step.ToString(), "step." + step.Step);
        }

        internal static string Step(string step, string state, string english)
        {
            return Words(english, "step." + step, "state." + state);
        }

        internal static string Right(Right right)
        {
            return Words(right.ToString(), "step." + right.Step, "answer." + right.Answer);
        }

        /// <summary>What finishes a removal.</summary>
        internal static string Finish(PartialRemoval removal)
        {
            return Words(removal.Finish, "removal.finish");
        }

        /// <summary>English, unless the session's language has words for all these keys.</summary>
        private static string Words(string english, params string[] keys)
        {
            var words = Array.ConvertAll(keys, Messages.Find);
            return Array.IndexOf(words, null) < 0 ? string.Join(": ", words) + InBrackets(english) : english;
        }

        private static string InBrackets(string english)
        {
            return string.IsNullOrEmpty(english) ? "" : " [" + english + "]";
        }

        /// <summary>The library begins its hints in lower case and ends nothing with a full stop; Chinese has stops of its own.</summary>
        private static string Sentence(string text, int index)
        {
            var first = index == 0 ? text : char.ToUpperInvariant(text[0]) + text.Substring(1);
            return ".!?\u3002\uff01\uff1f".IndexOf(text[text.Length - 1]) >= 0 ? first : first + ".";
        }
    }
}
