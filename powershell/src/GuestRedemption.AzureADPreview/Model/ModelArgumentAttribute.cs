using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.Open.MSGraph.Model;
using PasswordProfile = Microsoft.Open.AzureAD.Model.PasswordProfile;

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
            if (model == typeof(User)) return ToUser(inputData);
            return model == typeof(PasswordProfile) ? (object)ToPasswordProfile(inputData) : ToMessageInfo(inputData);
        }

        private static PasswordProfile ToPasswordProfile(object input)
        {
            if (IsReady(input, out PasswordProfile profile)) return profile;
            if (IsText(input, out var password)) return new PasswordProfile(password);
            var members = new Members(input, "password profile", "EnforceChangePasswordPolicy", "ForceChangePasswordNextLogin", "Password");
            return new PasswordProfile(members.Text("Password"))
            {
                EnforceChangePasswordPolicy = members.Flag("EnforceChangePasswordPolicy"),
                ForceChangePasswordNextLogin = members.Flag("ForceChangePasswordNextLogin"),
            };
        }

        private static User ToUser(object input)
        {
            if (IsReady(input, out User user)) return user;
            if (IsText(input, out var id)) return new User(id);
            RefuseInvitation(input);
            // ObjectId: a user of Get-AzureADUser itself, which is what the caller has at hand
            var members = new Members(input, "user", "Id", "ObjectId", "OdataType");
            return new User(members.Text("Id") ?? members.Text("ObjectId")) { OdataType = members.Text("OdataType") };
        }

        /// <summary>It has an Id too, which is no user's: the service would find nobody, or the wrong one.</summary>
        private static void RefuseInvitation(object input)
        {
            if (PSObject.AsPSObject(input).Properties["InvitedUserEmailAddress"] == null) return;
            throw new ArgumentTransformationMetadataException("This is an invitation, whose Id is not the user's. Pass its InvitedUser.");
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
