using System;
using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using Microsoft.Open.AzureAD.Model;
using Microsoft.Open.AzureAD16.Client;

namespace Microsoft.Open.AzureAD16.PowerShell
{
    /// <summary>One user, by object id or user principal name.</summary>
    [Cmdlet(VerbsCommon.Get, "AzureADUser", DefaultParameterSetName = "GetById")]
    [OutputType(typeof(User))]
    public sealed class GetUser : ServiceCmdlet
    {
        [Parameter(Mandatory = true, ParameterSetName = "GetById", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string ObjectId { get; set; }

        /// <summary>Accepted because old scripts write it; one user is always all of it.</summary>
        [Parameter(ParameterSetName = "GetById", ValueFromPipelineByPropertyName = true)]
        public bool? All { get; set; }

        protected override void ProcessRecord()
        {
            var result = Call(new Dictionary<string, object>
            {
                ["op"] = "user.get",
                ["user_id"] = ObjectId,
                ["select"] = UserMapping.Selected,
            });
            WriteObject(UserMapping.FromGraph(result.Object("user")));
        }

        private protected override Exception ToException(OldErrorText error)
        {
            var text = error.Describe(GetType().Name, inInnerError: false);
            return new ApiException(text, error.HttpStatus, new ErrorContent(error.Code, error.Message));
        }
    }
}
