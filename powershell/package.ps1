<#
Makes the modules as users install them: in Destination one folder each with a folder for the version in it, as
PowerShell's own installers lay them out. Put Destination on PSModulePath, or copy both into a folder that is on it.

    powershell/package.ps1 -Destination out -Library @{ 'linux-x64' = 'a/libguest_redemption.so'; 'win-x64' = 'b/guest_redemption.dll' }

Nothing is compiled at import: the assemblies are built here, with dotnet, and are the root modules themselves.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Destination,
    # Native libraries by the platform that they run on, in .NET's words. A sandbox program beside one goes along.
    # Without it, cargo's newest build for this machine.
    [hashtable] $Library = @{}
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
# the assemblies of each module, its root module last
$assemblies = [ordered]@{
    'GuestRedemption'                = 'GuestRedemption', 'GuestRedemption.PowerShell'
    'GuestRedemption.AzureADPreview' = @('GuestRedemption.AzureADPreview')
}

function Get-OwnPlatform {
    $runtime = [Runtime.InteropServices.RuntimeInformation]
    $processor = $runtime::ProcessArchitecture.ToString().ToLowerInvariant()
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') { return "win-$processor" }
    if ($runtime::IsOSPlatform([Runtime.InteropServices.OSPlatform]::OSX)) { "osx-$processor" } else { "linux-$processor" }
}

function Find-OwnLibrary {
    $target = [IO.Path]::Combine($root, $(if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }))
    $names = 'guest_redemption.dll', 'libguest_redemption.dylib', 'libguest_redemption.so'
    $built = foreach ($build in 'debug', 'release') { foreach ($name in $names) { Get-Item "$target/$build/$name" -ErrorAction Ignore } }
    if (-not $built) { throw "There is no built library under '$target'. Run 'cargo build', or name libraries with -Library." }
    @($built | Sort-Object LastWriteTimeUtc)[-1].FullName
}

# From scratch in a folder of its own: never what an import has built, which may be Add-Type's.
function Invoke-Build([string] $Artifacts) {
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) { throw 'Packaging needs the .NET SDK (dotnet).' }
    $project = "$PSScriptRoot/src/GuestRedemption.AzureADPreview"
    # no path of this machine in what is packaged
    $paths = "-p:PathMap=$PSScriptRoot=powershell%2C$Artifacts=artifacts"
    $log = & dotnet build $project --configuration Release --nologo --artifacts-path $Artifacts $paths 2>&1 | Out-String
    if ($LASTEXITCODE) { throw $log }
}

# The checkout's manifest but for the lines that name what is loaded.
function Save-Manifest([string] $Module, [string] $Version, [string] $To) {
    $line = "    RootModule             = '$Module.psm1'"
    $loaded = @("    RootModule             = 'bin/$($assemblies[$Module][-1]).dll'")
    if ($Module -eq 'GuestRedemption') {
        # Windows PowerShell finds an assembly for one in another folder only when it was named itself.
        $loaded += "    RequiredAssemblies     = @('bin/GuestRedemption.dll')"
    }
    else {
        # The very version, for the assemblies are bound to it. By name, since a manifest may name no file outside its module.
        $loaded += "    RequiredModules        = @(@{ ModuleName = 'GuestRedemption'; RequiredVersion = '$Version' })"
    }
    $text = [IO.File]::ReadAllText("$PSScriptRoot/$Module/$Module.psd1")
    if (-not $text.Contains($line)) { throw "$Module.psd1 has no line: $line" }
    [IO.File]::WriteAllText("$To/$Module.psd1", $text.Replace($line, $loaded -join "`n"))
}

function Save-Module([string] $Module, [string] $Version, [string] $Artifacts) {
    $to = [IO.Path]::Combine($Destination, $Module, $Version)
    if (Test-Path $to) { throw "'$to' is already there. Remove it, or name another destination." }
    $bin = [IO.Directory]::CreateDirectory("$to/bin").FullName
    Get-ChildItem "$PSScriptRoot/$Module" | Where-Object Name -NotMatch '^(bin|runtimes)$|\.ps[dm]1$' | Copy-Item -Destination $to -Recurse
    foreach ($name in $assemblies[$Module]) { Copy-Item "$Artifacts/bin/$name/release/$name.dll" $bin }
    Copy-Item "$root/LICENSE-MIT", "$root/LICENSE-APACHE" $to
    Save-Manifest $Module $Version $to
    $to
}

function Save-Library([string] $Platform, [IO.FileInfo] $File, [string] $Module) {
    $to = [IO.Directory]::CreateDirectory("$Module/runtimes/$Platform/native").FullName
    Copy-Item $File.FullName $to
    Get-ChildItem $File.DirectoryName -File | Where-Object Name -In 'guest-redemption-sandbox', 'guest-redemption-sandbox.exe' | Copy-Item -Destination $to
}

if (-not $Library.Count) { $Library = @{ (Get-OwnPlatform) = Find-OwnLibrary } }
$files = @{}
foreach ($platform in $Library.Keys) { $files[$platform] = Get-Item $Library[$platform] }
$version = (Import-PowerShellDataFile "$PSScriptRoot/GuestRedemption/GuestRedemption.psd1").ModuleVersion
$Destination = [IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Destination)).FullName
$artifacts = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
try {
    Invoke-Build $artifacts
    $made = $assemblies.Keys | ForEach-Object { Save-Module $_ $version $artifacts }
    foreach ($platform in $files.Keys) { Save-Library $platform $files[$platform] $made[0] }
    $made
}
finally {
    if (Test-Path $artifacts) { Remove-Item $artifacts -Recurse -Force }
}
