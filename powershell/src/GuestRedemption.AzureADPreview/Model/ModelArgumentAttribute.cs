using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.Open.MSGraph.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>
    /// Lets a parameter of a model type take what else stands for that model: an object of the same name from
    /// another module or another process, a hashtable, or a string.
    /// </summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class ModelArgumentAttribute : ArgumentTransformationAttribute
    {
        private readonly Type model;

        /// <summary>For a parameter of this model type.</summary>
        public ModelArgumentAttribute(Type model)
        {
            this.model = model;
        }

        /// <inheritdoc/>
        public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
        {
            return model == typeof(User) ? (object)ToUser(inputData) : ToMessageInfo(inputData);
        }

        private static User ToUser(object input)
        {
            if (IsReady(input, out User user)) return user;
            if (IsText(input, out var id)) return new User(id);
            // ObjectId: a user of Get-AzureADUser itself, which is what the caller has at hand
            var members = new Members(input, "user", "Id", "ObjectId", "OdataType");
            return new User(members.Text("Id") ?? members.Text("ObjectId")) { OdataType = members.Text("OdataType") };
        }

        private static InvitedUserMessageInfo ToMessageInfo(object input)
        {
            if (IsReady(input, out InvitedUserMessageInfo info)) return info;
            if (IsText(input, out var body)) return new InvitedUserMessageInfo { CustomizedMessageBody = body };
            var members = new Members(input, "message", "CcRecipients", "CustomizedMessageBody", "MessageLanguage");
            return new InvitedUserMessageInfo
            {
                CcRecipients = ToRecipients(members["CcRecipients"]),
                CustomizedMessageBody = members.Text("CustomizedMessageBody"),
                MessageLanguage = members.Text("MessageLanguage"),
            };
        }

        private static List<Recipient> ToRecipients(object input)
        {
            if (input == null) return null;
            var one = Base(input) is IDictionary || LanguagePrimitives.GetEnumerable(input) == null;
            var all = one ? new[] { input } : LanguagePrimitives.GetEnumerable(input).Cast<object>();
            return all.Select(ToRecipient).Where(recipient => recipient != null).ToList();
        }

        private static Recipient ToRecipient(object input)
        {
            if (IsReady(input, out Recipient recipient)) return recipient;
            return IsText(input, out var address)
                ? new Recipient(new EmailAddress { Address = address })
                : new Recipient(ToEmailAddress(new Members(input, "recipient", "EmailAddress")["EmailAddress"]));
        }

        private static EmailAddress ToEmailAddress(object input)
        {
            if (IsReady(input, out EmailAddress emailAddress)) return emailAddress;
            if (IsText(input, out var address)) return new EmailAddress { Address = address };
            var members = new Members(input, "e-mail address", "Address", "Name");
            return new EmailAddress { Address = members.Text("Address"), Name = members.Text("Name") };
        }

        /// <summary>Nothing to do: the model itself, or null.</summary>
        private static bool IsReady<T>(object input, out T model)
            where T : class
        {
            model = Base(input) as T;
            return model != null || input == null;
        }

        private static bool IsText(object input, out string text)
        {
            // a GUID stands for itself as an object id
            text = Base(input) as string ?? (Base(input) as Guid?)?.ToString();
            return text != null;
        }

        private static object Base(object input)
        {
            return input is PSObject wrapped ? wrapped.BaseObject : input;
        }
    }
}
