# Resets one guest's redemption in the manner of 2021. Nothing here knows of this project: the module
# GuestRedemption.AzureADPreview answers to the old names. The new address must already be one of the guest's own
# (mail or otherMails), as it always had to be.
param(
    [Parameter(Mandatory = $true)] [string] $Guest,
    [Parameter(Mandatory = $true)] [string] $NewAddress,
    [string] $RedirectUrl = 'http://myapps.microsoft.com'
)

Connect-AzureAD

$directoryUser = Get-AzureADUser -ObjectId $Guest
$invitedUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $directoryUser.ObjectId

New-AzureADMSInvitation -InvitedUserEmailAddress $NewAddress -InvitedUser $invitedUser -ResetRedemption $True `
    -SendInvitationMessage $True -InviteRedirectUrl $RedirectUrl
