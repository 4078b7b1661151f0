# In a checkout the assemblies are built when missing or older than their sources.
$build = "$([IO.Path]::GetDirectoryName($PSScriptRoot))/build.ps1"
if ([IO.File]::Exists($build)) {
    & $build -Project GuestRedemption, GuestRedemption.PowerShell -Destination "$PSScriptRoot/bin"
}
# loaded first: an assembly of Add-Type has a name of its own, by which the other would not find it
$null = [Reflection.Assembly]::LoadFrom("$PSScriptRoot/bin/GuestRedemption.dll")
Import-Module "$PSScriptRoot/bin/GuestRedemption.PowerShell.dll"
[GuestRedemption.Client]::UseLibrarySearch($PSScriptRoot)

# the session ends with the module, and so does a sandbox that it started
$ExecutionContext.SessionState.Module.OnRemove = { [GuestRedemption.PowerShell.Connection]::Disconnect() }
