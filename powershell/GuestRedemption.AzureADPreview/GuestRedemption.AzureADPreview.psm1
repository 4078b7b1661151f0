# The client, the session and the base of the cmdlets are those of the module GuestRedemption: beside this one, or
# wherever PowerShell looks for modules. It is imported here only, so that its cmdlets are not exported twice.
$modules = Split-Path $PSScriptRoot
$core = Join-Path $modules 'GuestRedemption/GuestRedemption.psd1'
if (-not [IO.File]::Exists($core)) { $core = 'GuestRedemption' }
$core = Import-Module $core -PassThru -ErrorAction Stop
$needed = 'GuestRedemption', 'GuestRedemption.PowerShell' | ForEach-Object { Join-Path $core.ModuleBase "bin/$_.dll" }

# In a checkout the assembly is built when missing or older than its sources.
$build = Join-Path $modules 'build.ps1'
if ([IO.File]::Exists($build)) {
    & $build -Project GuestRedemption.AzureADPreview -Destination "$PSScriptRoot/bin" -Reference $needed
}
# Windows PowerShell finds an assembly in another folder only when it was imported itself.
Import-Module ($needed + "$PSScriptRoot/bin/GuestRedemption.AzureADPreview.dll") -ErrorAction Stop

# Others may answer to the same names, and one of them would run instead without a word.
$neighbours = [GuestRedemption.AzureADPreview.Neighbours]::Describe($ExecutionContext.InvokeCommand)
if ($neighbours) { Write-Warning $neighbours }
