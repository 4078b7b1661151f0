<#
The memory of a PowerShell process that pipes rows through Reset-GuestRedemption; `cargo bench --bench memory` runs it.
Prints one line of JSON: bytes after the first rows and after the last, of the process and of what .NET holds alive.
#>
param([int] $Rows, [int] $Warm, [string] $Journal, [switch] $Resume, [string] $TenantId, [string] $Module)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# The service asks for no token; this one only tells the tenant that the journal is for.
$claims = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("{`"tid`":`"$TenantId`"}")).TrimEnd('=').Replace('+', '-').Replace('/', '_')
$env:GUEST_REDEMPTION_ACCESS_TOKEN = "e30.$claims.e30"
Import-Module $Module

function Get-Memory {
    $alive = [GC]::GetTotalMemory($true)
    $process = [Diagnostics.Process]::GetCurrentProcess()
    @{ alive = $alive; resident = $process.WorkingSet64 }
}

$clock = [Diagnostics.Stopwatch]::StartNew()
$count = 0
$outcomes = @{}
$first = $null
& { for ($number = 1; $number -le $Rows; $number++) { [pscustomobject]@{ UserId = '20000000-0000-4000-8000-{0:x12}' -f $number } } } |
    Reset-GuestRedemption -Journal $Journal -Resume:$Resume -Force -Verify None 6> $null 3> $null |
    ForEach-Object {
        $count++
        $outcomes[$_.Outcome] = 1 + $outcomes[$_.Outcome]
        if ($count -eq $Warm) { $first = Get-Memory }
        if ($count -eq $Rows) { $last = Get-Memory }
    }
@{ outcomes = $outcomes; seconds = $clock.Elapsed.TotalSeconds; warm = $first; end = $last } | ConvertTo-Json -Compress
