$bin = "$PSScriptRoot/bin"
$build = "$PSScriptRoot/../build.ps1"
if ([IO.File]::Exists($build)) {
    # in a checkout the assemblies are built when missing or older than their sources
    & $build -Project GuestRedemption, GuestRedemption.PowerShell -Destination $bin
    # an assembly of Add-Type has a name of its own, by which the other would not find it
    $null = [Reflection.Assembly]::LoadFrom("$bin/GuestRedemption.dll")
}
Import-Module "$bin/GuestRedemption.PowerShell.dll"
