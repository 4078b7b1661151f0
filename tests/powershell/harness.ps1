# A small test harness: one line per test. A test file ends with `exit $failures`.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$failures = 0
$sandbox = $env:GUEST_REDEMPTION_GRAPH_URL
$modules = [IO.Path]::GetFullPath("$PSScriptRoot/../../powershell")

function It([string] $Name, [scriptblock] $Body) {
    try {
        Restore-Sandbox
        & $Body
        "ok      $Name"
    }
    catch {
        $script:failures++
        "FAILED  $Name`n        $_`n$($_.ScriptStackTrace -replace '(?m)^', '        ')"
    }
}

function Assert-Equal($Expected, $Actual, [string] $What = 'value') {
    if (-not ($Expected -ceq $Actual)) { throw "$What`: expected '$Expected', got '$Actual'" }
}

function Assert-True($Condition, [string] $What) { if (-not $Condition) { throw "not so: $What" } }

function Assert-Match([string] $Pattern, [string] $Text) { if ($Text -notmatch $Pattern) { throw "'$Pattern' not found in: $Text" } }

function Assert-NoMatch([string] $Pattern, [string] $Text) { if ($Text -match $Pattern) { throw "'$Pattern' found in: $Text" } }

# The error that the block writes or throws; its id is compared whole.
function Assert-ErrorId([string] $Id, [scriptblock] $Body) {
    $caught = $null
    try { $null = & $Body -ErrorAction Stop } catch { $caught = $_ }
    if (-not $caught) { throw "expected the error $Id, got none" }
    Assert-Equal $Id $caught.FullyQualifiedErrorId 'FullyQualifiedErrorId'
    $caught
}

# The sandbox's control API
function Invoke-Control([string] $Command, $Body = @{}) {
    Invoke-RestMethod "$sandbox/sandbox/$Command" -Method Post -ContentType 'application/json' -Body (ConvertTo-Json $Body -Depth 5)
}
function Restore-Sandbox { $null = Invoke-Control 'reset' }
function Get-SandboxState { Invoke-RestMethod "$sandbox/sandbox/state" }
function Set-Fault([string] $Method, [string] $Path, [hashtable] $Action, [int] $Times = 1) {
    $null = Invoke-Control 'fault' @{ method = $Method; path = $Path; times = $Times; action = $Action }
}
function Get-Token([hashtable] $Claims) { (Invoke-Control 'token' $Claims).access_token }

# Guests of the sandbox
$alice = '10000000-0000-4000-8000-000000000001'
$bob = '10000000-0000-4000-8000-000000000002'
$ines = '10000000-0000-4000-8000-000000000007'
$gus = '10000000-0000-4000-8000-000000000008'
$uma = '10000000-0000-4000-8000-000000000009'
