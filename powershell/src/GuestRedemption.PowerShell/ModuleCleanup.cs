using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>The session ends with the module, and so does a sandbox that it started.</summary>
    public sealed class ModuleCleanup : IModuleAssemblyCleanup
    {
        public void OnRemove(PSModuleInfo psModuleInfo)
        {
            Connection.Disconnect();
        }
    }
}
