<#
What Import-Module costs: the packaged modules, each in a fresh process, against a binary module with one empty cmdlet;
GuestRedemption.AzureADPreview, which requires another module, also against an empty one that requires another.

    pwsh -NoProfile -File benches/import.ps1

Needs dotnet and a built library (cargo build), which is packaged and not loaded.
#>
[CmdletBinding()]
param([int] $Rounds = 20)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$goal = 30
$engine = if ($PSVersionTable.PSVersion.Major -ge 6) { 'pwsh' } else { 'powershell' }

# In a folder for its version, as all installed modules are.
function Save-EmptyModule([string] $Folder, [string] $Name, [string] $Requires) {
    $module = [IO.Directory]::CreateDirectory("$Folder/$Name/1.0").FullName
    $source = "using System.Management.Automation; [Cmdlet(`"Get`", `"$Name`")] public sealed class Get$Name : PSCmdlet { }"
    Add-Type -TypeDefinition $source -OutputAssembly "$module/$Name.dll" -OutputType Library -IgnoreWarnings -WarningAction SilentlyContinue
    $required = if ($Requires) { "RequiredModules = @(@{ ModuleName = '$Requires'; RequiredVersion = '1.0' })" }
    [IO.File]::WriteAllText("$module/$Name.psd1", "@{
    RootModule = '$Name.dll'
    $required
    ModuleVersion = '1.0'
    GUID = '$([Guid]::NewGuid())'
    PowerShellVersion = '5.1'
    CmdletsToExport = @('Get-$Name')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}")
    "$Folder/$Name"
}

# Milliseconds of a fresh process, and of Import-Module in it.
function Measure-Import([string] $Module) {
    $import = if ($Module) { "Import-Module '$Module' -ErrorAction Stop" }
    $script = "`$clock = [Diagnostics.Stopwatch]::StartNew(); $import; `$clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $output = & $engine -NoProfile -Command $script
    $clock.Stop()
    if ($LASTEXITCODE -or -not $output) { throw "importing '$Module' failed" }
    [pscustomobject]@{ Process = $clock.Elapsed.TotalMilliseconds; Import = [double]::Parse($output, [cultureinfo]::InvariantCulture) }
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    ($sorted[[Math]::Floor(($sorted.Count - 1) / 2)] + $sorted[[Math]::Floor($sorted.Count / 2)]) / 2
}

# The difference round by round, so that a machine whose speed drifts does not count.
function Get-Difference([string] $Side, [string] $Base) {
    Get-Median (0..($Rounds - 1) | ForEach-Object { $samples[$Side][$_].Import - $samples[$Base][$_].Import })
}

$folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine([IO.Path]::GetTempPath(), [Guid]::NewGuid())).FullName
$path = $env:PSModulePath
try {
    $packaged = & "$PSScriptRoot/../powershell/package.ps1" -Destination $folder | Split-Path
    $sides = [ordered]@{
        'no module'                             = ''
        'empty binary module'                   = Save-EmptyModule $folder 'Empty'
        'GuestRedemption'                       = $packaged[0]
        'empty binary module requiring another' = Save-EmptyModule $folder 'Dependent' 'Empty'
        'GuestRedemption.AzureADPreview'        = $packaged[1]
    }
    $env:PSModulePath = $folder + [IO.Path]::PathSeparator + $path
    $samples = @{}
    foreach ($side in $sides.Keys) { $samples[$side] = New-Object Collections.Generic.List[object] }
    foreach ($round in 0..$Rounds) {
        foreach ($side in $sides.Keys) {
            $sample = Measure-Import $sides[$side]
            # the first round warms up the caches of the system
            if ($round) { $samples[$side].Add($sample) }
        }
    }
}
finally {
    $env:PSModulePath = $path
    Remove-Item $folder -Recurse
}

"import: medians of $Rounds rounds in turn, milliseconds; repeat with: $engine -NoProfile -File benches/import.ps1"
"engine: PowerShell $($PSVersionTable.PSVersion) on $([Runtime.InteropServices.RuntimeInformation]::FrameworkDescription)"
if ($engine -eq 'pwsh') {
    "methods that an empty PowerShell had to compile just in time: $(& pwsh -NoProfile -Command '[Runtime.JitInfo]::GetCompiledMethodCount($false)') (few on a stock one, which comes precompiled)"
}
$empty = 'empty binary module'
'{0,-40} {1,10} {2,15} {3,15}' -f '', 'process', 'Import-Module', 'beyond empty'
foreach ($side in $sides.Keys) {
    '{0,-40} {1,10:F1} {2,15:F1} {3,15:F1}' -f $side, (Get-Median $samples[$side].Process), (Get-Median $samples[$side].Import), (Get-Difference $side $empty)
}
# like with like: PowerShell itself takes long to find and load a required module
$pairs = ('GuestRedemption', $empty), ('GuestRedemption.AzureADPreview', "$empty requiring another")
foreach ($pair in $pairs) {
    $difference = Get-Difference $pair[0] $pair[1]
    '{0} beyond {1}: {2:F1}; goal <= {3}: {4}' -f $pair[0], $pair[1], $difference, $goal, $(if ($difference -le $goal) { 'met' } else { 'MISSED' })
}
