<#
Cold start in PowerShell: a fresh process that imports the module, signs in with a token from the environment and
resets one guest, against a fresh process that makes the same requests with Invoke-RestMethod; both less an empty one.
The goal is for the module as users install it; a checkout's looks first whether its assemblies are fresh.

    pwsh -NoProfile -File benches/cold-start.ps1

Needs cargo, dotnet and pwsh. The library is the one to ship, and the assemblies are built before anything is measured.
#>
#Requires -Version 7
[CmdletBinding()]
param([int] $Rounds = 20)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$goal = 0.5
$guest = '10000000-0000-4000-8000-000000000002'

# Runs cargo and gives the files that it made of this package.
function Invoke-Build([string[]] $Arguments) {
    Push-Location $root
    try { $lines = & cargo $Arguments --quiet --message-format json-render-diagnostics }
    finally { Pop-Location }
    if ($LASTEXITCODE) { throw "cargo $Arguments failed" }
    $made = $lines | ConvertFrom-Json | Where-Object { $_.reason -eq 'compiler-artifact' -and $_.target.name -match '^guest.redemption' }
    $made.filenames
}

# The tenant in a process of its own; it ends when its standard input is closed.
function Start-Sandbox([string] $Program) {
    $start = [Diagnostics.ProcessStartInfo]::new($Program, '--no-limits')
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}

# What the sandbox was asked since its last reset.
function Get-Request { (Invoke-RestMethod "$($tenant.url)/sandbox/state").requests | Select-Object method, path, body }
function Restore-Sandbox { $null = Invoke-RestMethod "$($tenant.url)/sandbox/reset" -Method Post }

function Save-Script([string] $Name, [string[]] $Lines) {
    $path = Join-Path $folder $Name
    [IO.File]::WriteAllLines($path, [string[]] (@('$ErrorActionPreference = "Stop"') + $Lines))
    $path
}

function Save-Reset([string] $Name, [string] $Module) {
    Save-Script $Name "Import-Module '$Module'", '$null = Connect-GuestRedemption', "`$null = Reset-GuestRedemption $guest -Force"
}

# Time and CPU time of one process, in milliseconds.
function Measure-Process([string[]] $Arguments) {
    Restore-Sandbox
    $cpu = Get-ChildCpu
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $output = & pwsh -NoProfile $Arguments 2>&1
    $clock.Stop()
    if ($LASTEXITCODE) { throw "pwsh $Arguments ended with $LASTEXITCODE`: $output" }
    [pscustomobject]@{ Time = $clock.Elapsed.TotalMilliseconds; Cpu = (Get-ChildCpu) - $cpu }
}

# User and system time of the processes that this one has waited for; only Linux tells.
function Get-ChildCpu {
    if (-not [IO.File]::Exists('/proc/self/stat')) { return 0 }
    $fields = ([IO.File]::ReadAllText('/proc/self/stat') -replace '^.*\) ').Split(' ')
    # in hundredths of a second
    10 * ([int] $fields[13] + [int] $fields[14])
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    ($sorted[[Math]::Floor(($sorted.Count - 1) / 2)] + $sorted[[Math]::Floor($sorted.Count / 2)]) / 2
}

# cargo may put the sandbox's library where the one to ship goes, so that one is built last
$program = @(Invoke-Build 'build', '--features', 'sandbox', '--bin', 'guest-redemption-sandbox') -match 'sandbox(\.exe)?$'
$library = @(Invoke-Build 'rustc', '--lib', '--release', '--crate-type', 'cdylib') -match '\.(so|dll|dylib)$'
$folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine([IO.Path]::GetTempPath(), [Guid]::NewGuid())).FullName
$sandbox = Start-Sandbox $program[0]
try {
    $tenant = $sandbox.StandardOutput.ReadLine() | ConvertFrom-Json
    $env:GUEST_REDEMPTION_LIBRARY = $library[0]
    $env:GUEST_REDEMPTION_GRAPH_URL = $env:GUEST_REDEMPTION_LOGIN_URL = $tenant.url
    $env:GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP = 1
    $env:GUEST_REDEMPTION_ACCESS_TOKEN = $tenant.access_token

    $checkout = Save-Reset 'checkout.ps1' "$root/powershell/GuestRedemption"
    # builds the checkout's assemblies where they are missing, and shows what the other side has to send
    $null = Measure-Process '-File', $checkout
    $requests = @(Get-Request)
    $ours = Save-Reset 'ours.ps1' (& "$root/powershell/package.ps1" -Destination $folder)[0]
    $rest = Save-Script 'rest.ps1' @(
        '$headers = @{ Authorization = "Bearer $env:GUEST_REDEMPTION_ACCESS_TOKEN" }'
        foreach ($one in $requests) {
            $body = if ($one.body) { " -ContentType 'application/json' -Body '$($one.body -replace "'", "''")'" }
            "`$null = Invoke-RestMethod -Method $($one.method) -Uri '$($tenant.url)$($one.path)' -Headers `$headers$body"
        }
    )
    $sides = [ordered]@{ empty = '-Command', 'exit'; ours = '-File', $ours; rest = '-File', $rest; checkout = '-File', $checkout }
    $samples = @{ empty = @(); ours = @(); rest = @(); checkout = @() }
    foreach ($round in 0..$Rounds) {
        foreach ($side in $sides.Keys) {
            $sample = Measure-Process $sides[$side]
            $sent = if ($side -eq 'empty') { $null } else { $requests | ConvertTo-Json }
            if ((Get-Request | ConvertTo-Json) -ne $sent) { throw "the side '$side' sent other requests" }
            # the first round warms up the caches of the system
            if ($round) { $samples[$side] += $sample }
        }
    }
}
finally {
    $sandbox.StandardInput.Close()
    $sandbox.WaitForExit()
    Remove-Item $folder -Recurse
}

$time = @{}; $cpu = @{}
foreach ($side in $sides.Keys) {
    $time[$side] = Get-Median $samples[$side].Time
    $cpu[$side] = ($samples[$side].Cpu | Measure-Object -Average).Average
}
function Get-Ratio($Of) {
    $cpuRatio = if ($cpu.rest -gt $cpu.empty) { ($cpu[$Of] - $cpu.empty) / ($cpu.rest - $cpu.empty) } else { [double]::NaN }
    (($time[$Of] - $time.empty) / ($time.rest - $time.empty)), $cpuRatio
}

"cold start: $($requests.Count) requests each, medians of $Rounds rounds in turn; repeat with: pwsh -NoProfile -File benches/cold-start.ps1"
"engine: PowerShell $($PSVersionTable.PSVersion) on $([Runtime.InteropServices.RuntimeInformation]::FrameworkDescription), release library, assemblies built before"
"methods that an empty PowerShell had to compile just in time: $(& pwsh -NoProfile -Command '[Runtime.JitInfo]::GetCompiledMethodCount($false)') (few on a stock one, which comes precompiled)"
'{0,-56} {1,9} {2,9} {3,9} {4,11}' -f '  ms per process', 'median', 'min', 'max', 'CPU (mean)'
$names = @{ empty = 'empty'; ours = 'Import-Module, Connect, Reset-GuestRedemption'; rest = 'Invoke-RestMethod'; checkout = 'as the second, module of the checkout' }
foreach ($side in $sides.Keys) {
    $range = $samples[$side].Time | Measure-Object -Minimum -Maximum
    '{0,-56} {1,9:F1} {2,9:F1} {3,9:F1} {4,11:F1}' -f "  $($names[$side])", $time[$side], $range.Minimum, $range.Maximum, $cpu[$side]
}
$ratio, $cpuRatio = Get-Ratio 'ours'
'  (ours - empty) / (Invoke-RestMethod - empty): time {0:F3}, CPU {1:F3}; goal <= {2} (time): {3}' -f $ratio, $cpuRatio, $goal, $(if ($ratio -le $goal) { 'met' } else { 'MISSED' })
'  the same from the checkout: time {0:F3}, CPU {1:F3}' -f (Get-Ratio 'checkout')
