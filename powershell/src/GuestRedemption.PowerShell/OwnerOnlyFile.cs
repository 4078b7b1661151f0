using System;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// A file that only the current user can read, on Windows. The library takes care of that on all other systems. What
    /// does so here has other names in .NET Framework and .NET, which PowerShell bridges.
    /// </summary>
    internal static class OwnerOnlyFile
    {
        private const string Script = @"
param($path)
$me = [Security.Principal.WindowsIdentity]::GetCurrent().User
if ([IO.File]::Exists($path)) {
    # the system and administrators can read every file
    $known = $me.Value, 'S-1-5-18', 'S-1-5-32-544'
    $others = (Get-Acl -LiteralPath $path -ErrorAction Stop).GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]) |
        Where-Object { $_.AccessControlType -eq 'Allow' -and $_.IdentityReference.Value -notin $known }
    return -not $others
}
$security = New-Object Security.AccessControl.FileSecurity
$security.SetAccessRuleProtection($true, $false)
$security.AddAccessRule((New-Object Security.AccessControl.FileSystemAccessRule $me, 'FullControl', 'Allow'))
if ('IO.FileSystemAclExtensions' -as [type]) {
    $file = [IO.FileSystemAclExtensions]::Create([IO.FileInfo] $path, 'CreateNew', 'Write', 'None', 4096, 'None', $security)
}
else {
    $file = New-Object IO.FileStream $path, 'CreateNew', 'Write', 'None', 4096, 'None', $security
}
$file.Dispose()
$true";

        /// <summary>Creates it empty. False when one is there that others can read.</summary>
        /// <exception cref="RuntimeException">It cannot be created.</exception>
        internal static bool Ensure(PSCmdlet cmdlet, string path)
        {
            if (Environment.OSVersion.Platform != PlatformID.Win32NT) return true;
            var answer = cmdlet.InvokeCommand.InvokeScript(true, ScriptBlock.Create(Script), null, path);
            return answer.Count == 1 && LanguagePrimitives.IsTrue(answer[0]);
        }
    }
}
