$bin = "$PSScriptRoot/bin"
$build = "$PSScriptRoot/../build.ps1"
if ([IO.File]::Exists($build)) {
    # in a checkout the assemblies are built when missing or older than their sources
    & $build -Project GuestRedemption, GuestRedemption.PowerShell -Destination $bin
}
# both by path: one that Add-Type built has a name of its own, by which the other would not find it
Import-Module "$bin/GuestRedemption.dll", "$bin/GuestRedemption.PowerShell.dll"
