# In a checkout the assemblies are built when missing or older than their sources.
$build = Join-Path (Split-Path $PSScriptRoot) 'build.ps1'
if ([IO.File]::Exists($build)) {
    & $build -Project GuestRedemption, GuestRedemption.PowerShell -Destination "$PSScriptRoot/bin"
}
Import-Module "$PSScriptRoot/bin/GuestRedemption.PowerShell.dll"
[GuestRedemption.Client]::UseLibrarySearch($PSScriptRoot)

# the session ends with the module, and so does a sandbox that it started
$ExecutionContext.SessionState.Module.OnRemove = { [GuestRedemption.PowerShell.Connection]::Disconnect() }
