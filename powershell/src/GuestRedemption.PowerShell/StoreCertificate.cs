using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// An application whose certificate lies in the certificate store. Its key stays there, so it need not be
    /// exportable: here an assertion is signed every few minutes and put into a file, which the library reads for each
    /// token as it does that of any party that vouches for an application.
    /// </summary>
    public sealed class StoreCertificate : IDisposable
    {
        private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
        private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(4);
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly object writing = new object();
        private readonly X509Certificate2 certificate;
        private readonly string clientId;
        private readonly string audience;
        private readonly string file;
        private readonly Timer timer;
        private bool ended;

        private StoreCertificate(X509Certificate2 certificate, string tenantId, string clientId, string loginUrl)
        {
            this.certificate = certificate;
            this.clientId = clientId;
            audience = loginUrl + "/" + tenantId + "/oauth2/v2.0/token";
            var first = Assertion();
            // made for this user's eyes alone
            file = Path.GetTempFileName();
            File.WriteAllText(file, first);
            timer = new Timer(Renew, null, Renewal, Renewal);
            AppDomain.CurrentDomain.ProcessExit += OnExit;
        }

        /// <summary>Lets the application sign in with this certificate of the current user or of the machine.</summary>
        /// <exception cref="SignInException">There is no such certificate, or it cannot sign.</exception>
        public static void Use(SignIn signIn, string thumbprint, string tenantId, string clientId)
        {
            var own = new StoreCertificate(Find(thumbprint), tenantId, clientId, Connection.Hosts(signIn).Text("login_url"));
            signIn.Needs = own;
            signIn.Auth = Grant.Of("federated_token", "tenant_id", tenantId, "client_id", clientId, "token_file", own.file);
        }

        public void Dispose()
        {
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            timer.Dispose();
            lock (writing)
            {
                if (ended) return;
                ended = true;
                File.Delete(file);
                certificate.Dispose();
            }
        }

        /// <summary>Scripts seldom disconnect.</summary>
        private void OnExit(object sender, EventArgs e)
        {
            Dispose();
        }

        private static X509Certificate2 Find(string thumbprint)
        {
            foreach (var location in new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine })
            {
                var found = FindIn(location, thumbprint);
                if (found != null) return found;
            }
            throw Unusable(Messages.Text("certificate.notFound", thumbprint));
        }

        private static X509Certificate2 FindIn(StoreLocation location, string thumbprint)
        {
            try
            {
                using (var store = new X509Store(StoreName.My, location))
                {
                    store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
                    // also one that has expired, which is then told so
                    var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, false);
                    return found.Count == 0 ? null : found[0];
                }
            }
            catch (CryptographicException)
            {
                // there is no such store, as for the machine outside Windows
                return null;
            }
        }

        private void Renew(object state)
        {
            lock (writing)
            {
                if (ended) return;
                try
                {
                    Write(Assertion());
                }
                catch (Exception)
                {
                    // Nobody is there to be told, and an exception of a timer ends the process. The earlier assertion
                    // is still good, another attempt follows, and the token service refuses one that is too old.
                }
            }
        }

        /// <summary>In one step: the library may be reading.</summary>
        private void Write(string assertion)
        {
            var next = Path.GetTempFileName();
            try
            {
                File.WriteAllText(next, assertion);
                File.Replace(next, file, null);
            }
            finally
            {
                File.Delete(next);
            }
        }

        private string Assertion()
        {
            if (certificate.NotAfter < DateTime.Now) throw Unusable(Messages.Text("certificate.expired", certificate.Thumbprint));
            var now = (long)(DateTime.UtcNow - Epoch).TotalSeconds;
            var header = new Dictionary<string, object> { { "alg", "PS256" }, { "typ", "JWT" }, { "x5t#S256", Base64Url(Sha256(certificate.RawData)) } };
            var claims = new Dictionary<string, object>
            {
                { "aud", audience }, { "iss", clientId }, { "sub", clientId }, { "jti", Guid.NewGuid().ToString() },
                { "iat", now }, { "nbf", now }, { "exp", now + (long)Lifetime.TotalSeconds },
            };
            var text = Base64Url(Utf8(header)) + "." + Base64Url(Utf8(claims));
            return text + "." + Base64Url(Sign(Encoding.ASCII.GetBytes(text)));
        }

        private byte[] Sign(byte[] text)
        {
            try
            {
                using (var key = certificate.GetRSAPrivateKey())
                {
                    if (key == null) throw Unusable(Messages.Text("certificate.noKey", certificate.Thumbprint));
                    return key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
                }
            }
            catch (CryptographicException e)
            {
                // an old key provider knows no PSS, or the key is another user's
                throw Unusable(Messages.Text("certificate.cannotSign", certificate.Thumbprint, e.Message), e);
            }
        }

        private static SignInException Unusable(string message, Exception cause = null)
        {
            return new SignInException("CERTIFICATE_UNUSABLE", message, Messages.Text("certificate.asFile"), cause);
        }

        private static byte[] Sha256(byte[] bytes)
        {
            using (var hash = SHA256.Create()) return hash.ComputeHash(bytes);
        }

        private static byte[] Utf8(IDictionary<string, object> members)
        {
            return Encoding.UTF8.GetBytes(Json.Write(members));
        }

        private static string Base64Url(byte[] bytes)
        {
            return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        }
    }
}
