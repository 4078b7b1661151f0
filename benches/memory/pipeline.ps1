<#
The memory of a PowerShell process that pipes rows through Reset-GuestRedemption; `cargo bench --bench memory` runs it.
Prints one line of JSON: bytes of the process and of what .NET holds alive, each so many rows once the first are done.
#>
param([int] $Rows, [int] $Warm, [int] $Every, [int] $UnderWay, [string] $Journal, [switch] $Resume, [string] $TenantId, [string] $Module)
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
$samples = New-Object 'Collections.Generic.List[object]'
& { for ($number = 1; $number -le $Rows; $number++) { [pscustomobject]@{ UserId = '20000000-0000-4000-8000-{0:x12}' -f $number } } } |
    Reset-GuestRedemption -Journal $Journal -Resume:$Resume -ThrottleLimit $UnderWay -Force -Verify None 6> $null 3> $null |
    ForEach-Object {
        $count++
        $outcomes[$_.Outcome] = 1 + $outcomes[$_.Outcome]
        if ($count -ge $Warm -and $count % $Every -eq 0) { $samples.Add((Get-Memory)) }
    }
@{ outcomes = $outcomes; seconds = $clock.Elapsed.TotalSeconds; samples = $samples } | ConvertTo-Json -Compress
