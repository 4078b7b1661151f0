using System;
using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>Who is signed in, where, and with which rights.</summary>
    public sealed class ConnectionContext
    {
        internal ConnectionContext(IDictionary<string, object> session, SandboxProcess sandbox)
        {
            SessionId = session.Text("session");
            Account = session.Text("account");
            AccountType = session.Text("account_type");
            TenantId = session.Text("tenant_id");
            ClientId = session.Text("client_id");
            Cloud = session.Text("cloud");
            Environment = session.Text("environment");
            GraphUrl = session.Text("graph_url");
            LoginUrl = session.Text("login_url");
            ExpiresAt = session.Time("expires_at");
            Permissions = session.Texts("permissions");
            RoleTemplates = session.Texts("role_templates");
            Sandbox = sandbox;
        }

        public string Account { get; private set; }

        /// <summary>user, app or unknown.</summary>
        public string AccountType { get; private set; }

        public string TenantId { get; private set; }

        public string ClientId { get; private set; }

        public string Cloud { get; private set; }

        /// <summary>The cloud, or the host when it is none of the known clouds.</summary>
        public string Environment { get; private set; }

        public string GraphUrl { get; private set; }

        public string LoginUrl { get; private set; }

        /// <summary>UTC.</summary>
        public DateTime? ExpiresAt { get; private set; }

        public IList<string> Permissions { get; private set; }

        /// <summary>Template ids of the caller's directory roles, as far as the token shows them.</summary>
        public IList<string> RoleTemplates { get; private set; }

        public string SessionId { get; private set; }

        /// <summary>The sandbox tenant this session started; null otherwise.</summary>
        public SandboxProcess Sandbox { get; private set; }
    }
}
