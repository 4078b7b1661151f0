using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.RegularExpressions;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using Microsoft.Open.AzureAD.Model;

namespace Microsoft.Open.AzureAD16.PowerShell
{
    /// <summary>One user by object id or name, or users by filter or beginning.</summary>
    [Cmdlet(VerbsCommon.Get, "AzureADUser", DefaultParameterSetName = GetQuery)]
    [OutputType(typeof(User))]
    public sealed class GetUser : AzureAD16Cmdlet
    {
        private const string GetQuery = "GetQuery";
        private const string GetVague = "GetVague";
        private const string GetById = "GetById";

        /// <summary>Without -All and -Top, as the old service had it.</summary>
        private const int UsualCount = 100;
        private const int PageSize = 999;

        /// <summary>No filter looks like it.</summary>
        private static readonly Regex Name = new Regex(@"^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[^\s@]+@[^\s@()]+)$", RegexOptions.CultureInvariant);

        private bool isFilterTyped;

        [Parameter(Mandatory = true, ParameterSetName = GetById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string ObjectId { get; set; }

        [Parameter(ParameterSetName = GetQuery, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string Filter { get; set; }

        [Parameter(ParameterSetName = GetVague, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string SearchString { get; set; }

        [Parameter(ParameterSetName = GetQuery, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public int? Top { get; set; }

        /// <summary>One user is always all of it.</summary>
        [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public bool? All { get; set; }

        private protected override string Executing => IdOrName == null ? "GetUsers" : "GetUser";

        /// <summary>
        /// A piped text binds to -Filter, the first that takes texts. A name there was an error of the old service, and
        /// never what the script meant.
        /// </summary>
        private string IdOrName => ObjectId ?? (Filter != null && !isFilterTyped && Name.IsMatch(Filter) ? Filter : null);

        protected override void BeginProcessing()
        {
            base.BeginProcessing();
            isFilterTyped = Given(nameof(Filter));
        }

        protected override void ProcessRecord()
        {
            RequireSession();
            if (IdOrName != null) WriteOne(IdOrName);
            else WriteMany();
        }

        private void WriteOne(string idOrName)
        {
            var result = Call(new Dictionary<string, object> { ["op"] = "user.get", ["user_id"] = idOrName, ["select"] = UserProperties.Selected });
            WriteObject(UserMapping.FromGraph(result.Object("user")));
        }

        private void WriteMany()
        {
            if (Top < 1) Refuse("Request_BadRequest", $"-Top {Top}: at least 1 user can be asked for.");
            var most = All == true ? int.MaxValue : Top ?? UsualCount;
            var request = Request(Math.Min(most, PageSize));
            while (request != null && most > 0)
            {
                var result = Call(request);
                foreach (IDictionary<string, object> user in result.List("users"))
                {
                    if (most-- > 0) WriteObject(UserMapping.FromGraph(user));
                }
                var link = result.Text("next");
                request = link == null ? null : new Dictionary<string, object> { ["op"] = "user.list", ["next"] = link };
            }
        }

        private Dictionary<string, object> Request(int pageSize)
        {
            var request = new Dictionary<string, object> { ["op"] = "user.list", ["select"] = UserProperties.Selected, ["top"] = pageSize };
            var filter = Given(nameof(Filter)) ? Translated() : Given(nameof(SearchString)) ? Beginning() : null;
            if (filter != null) request["filter"] = filter.Text;
            if (filter != null && filter.IsAdvanced) request["advanced"] = true;
            return request;
        }

        private GraphFilter Translated()
        {
            try
            {
                return FilterTranslator.Translate(Filter, () => Domains().Initial);
            }
            catch (FilterException e)
            {
                Refuse("Request_UnsupportedQuery", e.Message);
                throw;
            }
        }

        private GraphFilter Beginning()
        {
            // Everybody's name begins with nothing: a script with an empty variable would go on with all users.
            if (string.IsNullOrEmpty(SearchString)) Refuse("Request_BadRequest", "-SearchString is empty.");
            return FilterTranslator.Beginning(SearchString, "DisplayName", "UserPrincipalName");
        }

        private bool Given(string parameter)
        {
            return MyInvocation.BoundParameters.ContainsKey(parameter);
        }
    }
}
