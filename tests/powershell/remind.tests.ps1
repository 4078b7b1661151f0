# Reminders: to those who are pending, once within the time, and to nobody else.
. "$PSScriptRoot/harness.ps1"
. "$PSScriptRoot/journals.ps1"
Import-Module "$modules/GuestRedemption"

$folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
$journal = "$folder/run.jsonl"

# A run over two guests, one of which redeems, and a third who is refused
function Start-Run([hashtable] $With = @{}) {
    if ([IO.File]::Exists($journal)) { [IO.File]::Delete($journal) }
    $null = $alice, $bob, $ines | Reset-GuestRedemption -Journal $journal -Force @With -ErrorAction SilentlyContinue -WarningAction SilentlyContinue 6>$null
    $null = Invoke-Control 'redeem' @{ user_id = $bob }
}
function Get-Mail { @((Get-SandboxState).mails).Count }

It 'mails who is pending, and not twice within the time' {
    Start-Run
    $before = Get-Mail
    $results = @(Send-GuestRedemptionReminder $journal -NotWithin 7 -Confirm:$false)
    Assert-Equal "1 reminded $alice" "$($results.Count) $($results.Outcome) $($results.UserId)"
    Assert-Equal ($before + 1) (Get-Mail)
    Assert-Equal reminded_before (Send-GuestRedemptionReminder $journal -NotWithin ([TimeSpan]::FromHours(1)) -Confirm:$false).Outcome
    Assert-Equal ($before + 1) (Get-Mail)
    Assert-Equal '1 Pending done' "$(Get-GuestRedemptionStatus $journal | Where-Object UserId -EQ $alice | ForEach-Object { $_.Reminders; $_.State; $_.Outcome })"
}

It 'the mail of the run counts too' {
    Start-Run @{ SendInvitationMessage = $true }
    $before = Get-Mail
    Assert-Equal reminded_before (Send-GuestRedemptionReminder $journal -NotWithin 7 -Confirm:$false).Outcome
    Assert-Equal $before (Get-Mail)
}

It 'takes a number for days' {
    $null = Reset-GuestRedemption $alice -Force -WarningAction SilentlyContinue
    $threeDaysAgo = [DateTime]::UtcNow.AddDays(-3).ToString('yyyy-MM-dd\THH:mm:ss\Z')
    $lines = @((Get-Intent $alice alice@fabrikam.com @{ mail = $true }), (Get-Outcome $alice alice@fabrikam.com done), @{ kind = 'closed' })
    $null = New-Journal $journal $lines -Time $threeDaysAgo -Cloud custom -GraphUrl $sandbox
    Assert-Equal reminded_before (Send-GuestRedemptionReminder $journal -NotWithin 4 -Confirm:$false).Outcome
    Assert-Equal reminded (Send-GuestRedemptionReminder $journal -NotWithin 2 -Confirm:$false).Outcome
}

It 'mails as it is told to' {
    Start-Run
    $null = Send-GuestRedemptionReminder $journal -NotWithin 7 -MessageLanguage nl-NL -CcRecipient boss@contoso.com -Confirm:$false
    $mail = @((Get-SandboxState).mails)[-1] | ConvertTo-Json -Depth 5
    Assert-Match 'nl-NL' $mail
    Assert-Match 'boss@contoso\.com' $mail
}

It 'sends nothing with -WhatIf, without pending guests, or to a journal that is not there' {
    Start-Run
    $before = Get-Mail
    Send-GuestRedemptionReminder $journal -NotWithin 0 -WhatIf
    $null = Assert-ErrorId 'NegativeTime,Send-GuestRedemptionReminder' { Send-GuestRedemptionReminder $journal -NotWithin -1 -Confirm:$false @args }
    $null = Assert-ErrorId 'JournalUnusable,Send-GuestRedemptionReminder' { Send-GuestRedemptionReminder "$folder/absent.jsonl" -NotWithin 0 -Confirm:$false @args }
    Assert-True (-not [IO.File]::Exists("$folder/absent.jsonl")) 'none is made'
    $null = Invoke-Control 'redeem' @{ user_id = $alice }
    Assert-Equal $null (Send-GuestRedemptionReminder $journal -NotWithin 0 -Confirm:$false)
    Assert-Equal $before (Get-Mail)
}

It 'a reminder that the service refuses is an error of that guest, and the reset stays done' {
    Start-Run
    Set-Fault POST /invitations @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }
    $null = Assert-ErrorId 'AccessDenied,Send-GuestRedemptionReminder' { Send-GuestRedemptionReminder $journal -NotWithin 0 -Confirm:$false @args }
    $guest = Get-GuestRedemptionStatus $journal | Where-Object UserId -EQ $alice
    Assert-Equal 'done Pending 0' "$($guest.Outcome) $($guest.State) $($guest.Reminders)"
}

[IO.Directory]::Delete($folder, $true)
exit $failures
